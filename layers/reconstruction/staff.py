"""Staff of the source whose numbers are published and whose names are not: placeholders, nobody is real."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from layers.records.staff_seed import SeedPerson
from planning.incidents.staff import AreaKind, PostKind, Unit

CENTRE_VILLAGES = 102
ASSISTANTS = 36
SOCIAL_WORKERS = 30
REGIONS = 3
"""Regional teams: how many there are is not published, three is our assumption."""
DEPARTMENTS = {
    "natural-resources": "自然资源局",
    "market-regulation": "市场监管局",
    "approvals": "行政审批服务局",
    "public-security": "公安局",
    "transport": "交通运输局",
    "ecology": "生态环境分局",
    "housing": "住房和城乡建设局",
    "agriculture": "农业农村局",
    "water": "水利局",
    "emergency": "应急管理局",
    "health": "卫生健康局",
    "urban-management": "综合行政执法局",
}
"""Twelve, as the source says; it names the first three, the others are examples."""


@dataclass(frozen=True)
class Place:
    """A township or a neighbourhood; of a township where its office stands, degrees."""

    id: str
    name: str
    lon: float = 0.0
    lat: float = 0.0


def reconstructed_units(townships: Sequence[Place]) -> list[Unit]:
    """Return the departments, a team in each township, and teams that neighbouring townships share.

    Parameters
    ----------
    townships
        With the place of each one's office, where its team is at home.
    """
    departments = [Unit(code, "department", name, origin="reconstructed") for code, name in DEPARTMENTS.items()]
    teams = [
        Unit(f"team-{one.id}", "township-team", f"{one.name}综合执法队", one.lon, one.lat, (one.id,), "reconstructed")
        for one in townships
    ]
    return [*departments, *teams, *_regions(townships)]


def _regions(townships: Sequence[Place]) -> Iterator[Unit]:
    """Yield teams for townships from west to east; each is at home with the middle one of its own."""
    order = sorted(townships, key=lambda one: (one.lon, one.id))
    count = min(REGIONS, len(order))
    for number in range(count):
        mine = order[number * len(order) // count : (number + 1) * len(order) // count]
        home = mine[len(mine) // 2]
        areas = tuple(sorted(one.id for one in mine))
        name = f"第{'一二三'[number]}片区派驻执法队"
        yield Unit(f"region-{number + 1}", "regional-team", name, home.lon, home.lat, areas, "reconstructed")


def reconstructed_people(townships: Sequence[Place], neighbourhoods: Sequence[Place]) -> list[SeedPerson]:
    """Return placeholders for everybody but the grid workers, in the numbers of the source.

    Parameters
    ----------
    townships, neighbourhoods
        Assistants are dealt out to the former, community workers to the latter, in the order of their codes.
    """
    people = [
        *_of_centres(),
        *(_one(f"chief-{one.id}", f"{one.name}网格长", "grid-chief", "township", one.id) for one in townships),
        *(_one(f"desk-{one.id}", f"{one.name}值班员", "township-desk", "township", one.id) for one in townships),
        *_dealt("assistant", "民生辅助员", ASSISTANTS, townships, "township"),
        *_dealt("social-worker", "社工", SOCIAL_WORKERS, neighbourhoods, "village"),
        *(_one(f"county-desk-{n}", f"县指挥中心值班员{n}", "county-desk", "county", "") for n in (1, 2)),
        *(_one(f"checker-{n}", f"县核查员{n}", "checker", "county", "") for n in (1, 2)),
    ]
    for unit in reconstructed_units(townships):
        post: PostKind = "department" if unit.kind == "department" else "team"
        people += [_one(f"{unit.id}-{n}", f"{unit.name}{n}号", post, "unit", unit.id) for n in (1, 2)]
    return people


def _of_centres() -> Iterator[SeedPerson]:
    """Yield A and B of each centre village, which are known by number only."""
    for number in range(1, CENTRE_VILLAGES + 1):
        code = f"{number:03}"
        posts: tuple[tuple[str, PostKind], ...] = (("A", "coordinator-a"), ("B", "coordinator-b"))
        for role, post in posts:
            name = f"{number}号中心村协理员{role}"
            yield _one(f"coordinator-{code}{role}", name, post, "centre", code)


def _dealt(post: PostKind, name: str, count: int, places: Sequence[Place], area_kind: AreaKind) -> Iterator[SeedPerson]:
    for number in range(count if places else 0):
        place, turn = places[number % len(places)], number // len(places) + 1
        yield _one(f"{post}-{place.id}-{turn}", f"{place.name}{name}{turn}", post, area_kind, place.id)


def _one(id_: str, name: str, post: PostKind, area_kind: AreaKind, area_code: str) -> SeedPerson:
    return SeedPerson(id_, name, post, area_kind, area_code, "reconstructed")
