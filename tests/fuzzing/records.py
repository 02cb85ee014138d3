"""What there is already when schemathesis begins: else most doors would only ever say that there is no such thing.

``python -m tests.fuzzing.records DATA`` makes records in a folder and prints, by the path of the doors that take them,
what each is named by.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from callers import call
from published_site import publish_by_hand

from api.settings import Settings
from planning.tables.registry import TABLES

_EACH = 12
"""Of every kind: some are deleted on the way."""
_PLAN = {"service": "elder-centre", "model": "p-median", "p": 2}
_POST = {"post": "assistant", "area_kind": "township", "area": "T1", "from": "2026-01-01"}
Named = dict[str, list[dict[str, str]]]


def make_records(data: Path) -> Named:
    """Make records of each kind; return path → what may stand in it."""
    with call(Settings(data=data, _env_file=None)) as mine:

        def made(path: str, body: dict) -> dict:
            answer = mine.post(path, json=body)
            assert answer.status_code in (200, 201), (path, answer.text)
            return answer.json()

        def case(number: int) -> dict[str, str]:
            place = {"lon": 116.9 + number / 1000, "lat": 37.2}
            return {
                "name": made("/api/incidents", {"category": "party", **place, "idempotency_key": f"{number}"})["id"]
            }

        def scenario(number: int) -> dict[str, str]:
            name = made("/api/scenarios", {"name": f"方案{number}", "question": _PLAN, "edits": []})["id"]
            said = made(f"/api/scenarios/{name}/comments", {"text": "再看看"})["id"]
            return {"name": name, "comment": said, "n": "1"}

        def person(number: int) -> dict[str, str]:
            name = made("/api/staff", {"name": f"某人{number}", "phone": "13800001111", "post": _POST})["id"]
            return {"name": name, "post": mine.get(f"/api/staff/{name}").json()["posts"][0]["id"]}

        def leave(number: int) -> dict[str, str]:
            days = {"from": "2027-03-01", "until": "2027-03-05", "person": person(_EACH + number)["name"]}
            return {"name": made("/api/leave", days)["id"]}

        def publication(number: int) -> dict[str, str]:
            name = publish_by_hand(mine.app, slug=f"gongshi-{number}").slug
            made(f"/api/publications/{name}/comments", {"text": "路太远"})
            return {"name": name, "comment": mine.get(f"/api/publications/{name}/comments").json()["comments"][0]["id"]}

        published = [publication(number) for number in range(_EACH)]
        return {
            "/api/incidents/{name}": [case(number) for number in range(_EACH)],
            "/api/scenarios/{name}": [scenario(number) for number in range(_EACH)],
            "/api/staff/{name}": [person(number) for number in range(_EACH)],
            "/api/leave/{name}": [leave(number) for number in range(_EACH)],
            "/api/publications/{name}": published,
            "/api/p/{name}": published,
            "/p/{name}": published,
            "/api/tables/{kind}": [{"kind": kind} for kind in TABLES],
            "/open311/v2/": [{"form": form} for form in ("json", "xml")],
        }


if __name__ == "__main__":
    print(json.dumps(make_records(Path(sys.argv[1]))))
