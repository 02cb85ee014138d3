"""A call of each writing route about publications, ready to be made."""

from datetime import UTC, datetime, timedelta

from callers import finished
from edited_tables import edited
from published_site import publish_by_hand
from sqlalchemy import update

from layers.records.tables import publication
from layers.records.tables import run as run_table

PUBLIC_REMARK = ("POST", "/api/publications/{name}/comments")
PUBLIC_FORM = ("POST", "/p/{name}/comments")
"""From where somebody without an account writes is not recorded."""


def published(office):
    """Return the name of a new publication."""
    return publish_by_hand(office.app, slug=f"publication-{next(office.numbers)}").slug


def with_remark(office):
    """Return the address of a new publication with one remark, and the remark's id."""
    address = f"/api/publications/{published(office)}"
    office.mine.post(f"{address}/comments", json={"text": "路太远"})
    return address, office.mine.get(f"{address}/comments").json()["comments"][0]["id"]


def publication_calls(office):
    """A call of each writing route about publications."""
    name = "/api/publications/{name}"

    def on_remark(method, body=None):
        def make():
            address, remark = with_remark(office)
            return office.json(method, f"{address}/comments/{remark}", body)

        return make

    def page(path, **fields):
        return lambda: office.form(f"/hearings/{published(office)}{path}", **fields)

    def remark_page(path="", **fields):
        def make():
            address, remark = with_remark(office)
            return office.form(f"/hearings/{address.rpartition('/')[2]}/remarks/{remark}{path}", **fields)

        return make

    return {
        **counter_calls(office),
        ("POST", "/hearings"): lambda: publish_by_form(office),
        ("POST", "/hearings/{name}/withdraw"): page("/withdraw", reason="有误"),
        ("POST", "/hearings/{name}/entered"): page("/entered", channel="paper", text="远"),
        ("POST", "/hearings/{name}/answers"): lambda: answer_by_form(office),
        ("POST", "/hearings/{name}/remarks/{comment}"): remark_page(state="accepted", answer="好"),
        ("POST", "/hearings/{name}/remarks/{comment}/erase"): remark_page("/erase"),
        PUBLIC_FORM: lambda: office.form(f"/p/{published(office)}/comments", text="远"),
        ("POST", "/api/publications"): lambda: publish(office),
        ("POST", f"{name}/withdraw"): lambda: office.json(
            "POST", f"/api/publications/{published(office)}/withdraw", {"reason": "有误"}
        ),
        PUBLIC_REMARK: lambda: office.json("POST", f"/api/publications/{published(office)}/comments", {"text": "远"}),
        ("POST", f"{name}/remarks"): lambda: office.json(
            "POST", f"/api/publications/{published(office)}/remarks", {"text": "远", "channel": "paper"}
        ),
        ("POST", f"{name}/comments.xlsx"): lambda: answer_by_file(office),
        ("PUT", f"{name}/comments/{{comment}}"): on_remark("PUT", {"state": "accepted", "answer": "好"}),
        ("DELETE", f"{name}/comments/{{comment}}"): on_remark("DELETE"),
    }


def counter_calls(office):
    """A call of each route that begins or stops the counter-proposals of a publication."""

    def call(method, path, **ended):
        return lambda: office.json(method, path.format(name=computing(office, **ended)))

    def press(path):
        return lambda: office.form(path.format(name=computing(office, state="cancelled")))

    address, page = "/api/publications/{name}/counter-proposals", "/hearings/{name}/counter-proposals"
    return {
        ("POST", address): call("POST", address, state="cancelled"),
        ("DELETE", address): call("DELETE", address),
        ("POST", page): press(page),
        ("POST", f"{page}/cancel"): lambda: office.form(f"{page}/cancel".format(name=computing(office))),
    }


def computing(office, *, state="running"):
    """Return the name of a publication whose counter-proposals are as far as told: with another server, or stopped."""
    slug = f"computed-{next(office.numbers)}"
    run = office.run()
    finished(office.mine, run)
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    body = {"runs": [run["id"]], "title": "公示", "closes_at": until, "slug": slug}
    assert office.mine.post("/api/publications", json=body).status_code == 201
    counter = office.mine.get(f"/api/publications/{slug}/counter-proposals").json()["run"]
    finished(office.mine, counter)
    with office.database.writing() as connection:
        mine = {"owner": "another", "lease_until": datetime.now(UTC) + timedelta(days=1)} if state == "running" else {}
        connection.execute(update(run_table).where(run_table.c.id == counter["id"]).values(state=state, **mine))
        connection.execute(update(publication).where(publication.c.slug == slug).values(counter_sha=None))
    office.app.state.workplace.published.forget(slug)
    return slug


def publish(office):
    run = office.run()
    finished(office.mine, run)
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    return office.json("POST", "/api/publications", {"runs": [run["id"]], "title": "公示", "closes_at": until})


def publish_by_form(office):
    run = office.run()
    finished(office.mine, run)
    closes = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    return office.form("/hearings", run=run["id"], title="公示", closes=closes)


def answer_by_form(office):
    address, content = answered_file(office)
    name = address.rpartition("/")[2]
    return lambda: office.mine.post(f"/hearings/{name}/answers", files={"file": ("a.xlsx", content)})


def answered_file(office):
    """Return the address of a publication and a file that answers its one remark."""
    address, _remark = with_remark(office)

    def answer(book):
        book.worksheets[0].cell(2, 10).value = "好"

    return address, edited(office.mine.get(f"{address}/comments.xlsx").content, answer)


def answer_by_file(office):
    address, content = answered_file(office)
    return lambda: office.mine.post(f"{address}/comments.xlsx?file=a.xlsx", content=content)
