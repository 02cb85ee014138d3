"""With whom a scenario is shared, and what colleagues say about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.access.rights import NOUNS
from api.actions.scenarios.visitor import Visitor
from api.explain import ApiError
from gis.faults import Fault, FaultsError
from layers.records.accounts import AccountStore
from layers.records.comments import Comment, CommentStore
from layers.records.scenario import ShareLevel
from layers.records.scenario_shares import ScenarioShare, ShareStore, Subject


def shares_of(who: Visitor, scenario_id: str) -> list[dict[str, Any]]:
    """Return with whom a scenario is shared now."""
    record, names = who.reach(scenario_id), who.names()
    return [_share_view(one, names) for one in _shares(who).shares(record.id)]


def share(
    who: Visitor, scenario_id: str, *, account: str = "", role: str = "", level: ShareLevel, until: datetime | None
) -> dict[str, Any]:
    """Share a scenario of one's own with somebody, by the name that they sign in with, or with a role.

    Raises
    ------
    FaultsError
        ``scenario-bad-share`` for a role that may not see scenarios, or for both and neither of the two;
        ``scenario-share-nobody``.
    """
    record = who.reach(scenario_id, "owner")
    subject = _subject(who, account, role)
    made = _shares(who).share(record.id, subject, level, act=who.act("shared"), until_at=until)
    return _share_view(made, who.names())


def unshare(who: Visitor, scenario_id: str, share_id: str) -> dict[str, Any]:
    """Take back a share.

    Raises
    ------
    ApiError
        404 ``unknown-share``.
    """
    record = who.reach(scenario_id, "owner")
    if all(one.id != share_id for one in _shares(who).shares(record.id)):
        raise ApiError(404, "unknown-share")
    ended = _shares(who).unshare(record.id, share_id, act=who.act("unshared"))
    if ended is None:  # somebody else took it back meanwhile
        raise ApiError(404, "unknown-share")
    return _share_view(ended, who.names())


def comments_on(who: Visitor, scenario_id: str) -> list[dict[str, Any]]:
    """Return what was said about a scenario, the first first."""
    record, names = who.reach(scenario_id), who.names()
    return [_comment_view(one, names) for one in _comments(who).comments(record.id)]


def comment(who: Visitor, scenario_id: str, text: str) -> dict[str, Any]:
    """Say something about a scenario."""
    record = who.reach(scenario_id, "comment")
    return _comment_view(_comments(who).comment(record.id, text, act=who.act("commented")), who.names())


def erase_comment(who: Visitor, scenario_id: str, comment_id: str) -> dict[str, Any]:
    """Erase what was said: one's own words, or on one's own scenario anybody's.

    Raises
    ------
    ApiError
        404 ``unknown-comment`` for one that is not there or not the visitor's to erase.
    """
    record, level = who.seen(scenario_id)
    found = _comments(who).get(comment_id)
    is_mine = found is not None and (level == "owner" or found.by_id == who.viewer.account_id)
    if found is None or found.subject_id != record.id or not is_mine:
        raise ApiError(404, "unknown-comment")
    erased = _comments(who).erase_comment(comment_id, act=who.act("comment-erased"))
    return _comment_view(erased or found, who.names())


def _subject(who: Visitor, account: str, role: str) -> Subject:
    may_see = ", ".join(NOUNS["scenario"].read)
    if bool(account) == bool(role) or (role and role not in NOUNS["scenario"].read):
        known = {"known": may_see}
        raise FaultsError([Fault("scenario-bad-share", field="role", value=role[:80] or account[:80], params=known)])
    if role:
        return Subject("role", role)
    found = AccountStore(who.at_work.database.get()).by_name(account)
    return Subject("account", found[0].id if found else "")


def _share_view(one: ScenarioShare, names: Mapping[str, str]) -> dict[str, Any]:
    is_role = one.subject.kind == "role"
    return {
        "id": one.id,
        "account": None if is_role else one.subject.id,
        "account_name": "" if is_role else names.get(one.subject.id, ""),
        "role": one.subject.id if is_role else None,
        "level": one.level,
        "from": one.from_at.isoformat(),
        "until": one.until_at.isoformat() if one.until_at else None,
    }


def _comment_view(one: Comment, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text,
        "by": one.by_id,
        "by_name": names.get(one.by_id or "", ""),
        "at": one.at.isoformat(),
        "erased": one.erased_at is not None,
    }


def _shares(who: Visitor) -> ShareStore:
    return ShareStore(who.at_work.database.get())


def _comments(who: Visitor) -> CommentStore:
    return CommentStore(who.at_work.database.get())
