"""Publications and remarks for tests of their records: what differs is named, all else is said here once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from layers.records.audit import Act, Actor
from layers.records.database import Database
from layers.records.files import FileStore
from layers.records.publication import NewPublication, Publication
from layers.records.publications import PublicationStore
from layers.records.remark import NewRemark

OFFICIAL = "b" * 32
AT = datetime.now(UTC).replace(microsecond=0)
PUBLISHED = Act(Actor(OFFICIAL, "s1", "10.0.0.7"), "publication.published", "publication")
WITHDRAWN = Act(Actor(OFFICIAL, "s1", "10.0.0.7"), "publication.withdrawn", "publication")
HEARD = Act(Actor(None, None, ""), "remark.received", "comment")
DECIDED = Act(Actor(OFFICIAL, "s1", "10.0.0.7"), "remark.decided", "comment")
BODY = '{"标题":"养老中心选址"}'.encode()


def new_publication(data_dir: Path, *, slug: str = "yanglao-2026", body: bytes = BODY) -> NewPublication:
    stored = FileStore(data_dir).put(body, media_type="application/json")
    until = AT + timedelta(days=15)
    return NewPublication(slug, "养老中心选址公示", "请提意见。", stored, AT, until, runs=("e" * 32,))


def published(database: Database, data_dir: Path, *, slug: str = "yanglao-2026") -> Publication:
    return PublicationStore(database).publish(new_publication(data_dir, slug=slug), act=PUBLISHED)


def closed(database: Database, data_dir: Path, *, slug: str = "guoqi-2025") -> Publication:
    """Return one whose time is over."""
    before = replace(new_publication(data_dir, slug=slug), at=AT - timedelta(days=30), closes_at=AT - timedelta(days=1))
    return PublicationStore(database).publish(before, act=PUBLISHED)


def remark(number: int = 0, **changed: object) -> NewRemark:
    base = NewRemark("yanglao-2026", f"key-of-a-browser-{number}", f"第{number}条意见")
    return replace(base, **changed)  # type: ignore[arg-type]
