"""Who may call which route about publications, said a second time: planners and officials, or anybody."""

BY_PLANNERS = (
    ("POST", "/api/publications"),
    ("GET", "/hearings"),
    ("POST", "/hearings"),
    *(
        (method, f"/api/publications/{{name}}{path}")
        for method, path in (
            ("POST", "/withdraw"),
            ("GET", "/comments"),
            ("GET", "/comments.xlsx"),
            ("POST", "/comments.xlsx"),
            ("POST", "/remarks"),
            ("GET", "/comments/{comment}"),
            ("PUT", "/comments/{comment}"),
            ("DELETE", "/comments/{comment}"),
            *((method, "/counter-proposals") for method in ("GET", "POST", "DELETE")),
        )
    ),
    *(
        (method, f"/hearings/{{name}}{path}")
        for method, path in (
            ("GET", ""),
            ("POST", "/withdraw"),
            ("POST", "/entered"),
            ("POST", "/answers"),
            ("GET", "/remarks/{comment}"),
            ("POST", "/remarks/{comment}"),
            ("POST", "/remarks/{comment}/erase"),
            ("POST", "/counter-proposals"),
            ("POST", "/counter-proposals/cancel"),
        )
    ),
)
BY_ANYBODY = (
    ("GET", "/scripts/{name}"),
    ("GET", "/p"),
    ("GET", "/p/{name}"),
    ("GET", "/p/{name}/receipt"),
    ("GET", "/p/{name}/instead"),
    ("POST", "/p/{name}/comments"),
    ("GET", "/api/publications"),
    ("POST", "/api/publications/{name}/comments"),
    *(
        ("GET", f"/api/p/{{name}}{path}")
        for path in (
            "",
            "/body",
            "/ground",
            "/places",
            "/comments",
            "/receipts/{code}",
            "/counter-proposals",
            "/counter-proposals/file",
        )
    ),
)
