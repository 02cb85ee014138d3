"""A publication of the toy county, frozen by hand, and remarks on it as callers send them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

from signed_in import caller
from toy_county import FACILITIES, NEIGHBOURHOODS, TOWNSHIPS, VILLAGES

from layers.records.audit import Act, Actor
from layers.records.publication import NewPublication
from layers.records.publications import PublicationStore
from planning.hearing.frozen import written

SLUG = "yanglao-2026"
GROUND = b'{"edition":1}'


def frozen_body():
    """Two schemes over the seven places: today everyone to the home at F4, then to the new site in 大王庄."""
    rows = {**VILLAGES, **NEIGHBOURHOODS}
    old = {"id": "F4", "name": FACILITIES["F4"][0], "lon": 116.9, "lat": 37.2}
    new = {"id": "00004", "name": "大王庄", "lon": 116.92, "lat": 37.2}
    return {
        "form": 1,
        "slug": SLUG,
        "title": "养老中心选址公示",
        "text": "现就方案征求意见。",
        "at": "2026-11-30T00:00:00+00:00",
        "closes_at": "2026-12-15T00:00:00+00:00",
        "program": "1",
        "county": {
            "name": "示范县",
            "code": "371499",
            "version": "f" * 16,
            "layers": {"villages": {"reconstructed": ["geometry"]}},
        },
        "service": {"code": "elder-centre", "zh": "养老服务中心", "en": "Elder care centre"},
        "limit_minutes": 30,
        "weights_basis": "age_60_plus",
        "base": "resident",
        "schemes": [
            {"key": "0", "name": {"zh": "现状", "en": "Today"}, "mode": "e-bike", "sites": [old]},
            {"key": "A", "name": {"zh": "方案", "en": "Scheme"}, "mode": "e-bike", "sites": [new, old]},
        ],
        "measures": [
            {
                "code": "mean_s",
                "unit": "seconds",
                "name": {"zh": "平均用时", "en": "Mean time"},
                "definition": {"zh": "按人数平均", "en": "by people"},
                "values": {"0": 900.0, "A": 600.0},
                "best": ["A"],
            }
        ],
        "differences": [{"from": "0", "to": "A", "losers": []}],
        "places": {
            "ids": list(rows),
            "names": [row[0] for row in rows.values()],
            "townships": [TOWNSHIPS[row[1]][0] for row in rows.values()],
            "lon": [round(116.9 + 0.0113 * row[2], 6) for row in rows.values()],
            "lat": [round(37.2 + 0.009 * row[3], 6) for row in rows.values()],
            "people": [row[4] for row in rows.values()],
            "seconds": {"0": [200, 400, 471, 800, None, 1200, 600], "A": [200, 400, 200, 0, 400, 600, 600]},
            "sites": {"0": [0, 0, 0, 0, None, 0, 0], "A": [1, 1, 1, 0, 0, 0, 1]},
        },
    }


def publish_by_hand(app, *, slug=SLUG, days=15, body=None):
    """Enter a publication past the comparison."""
    at_work = app.state.workplace
    stored = at_work.files.put(written(body or frozen_body()), media_type="application/json")
    ground = at_work.files.put(gzip.compress(GROUND, mtime=0), media_type="application/gzip")
    now = datetime.now(UTC)
    at = now if days > 0 else now - timedelta(days=40)
    new = NewPublication(
        slug, "养老中心选址公示", "现就方案征求意见。", stored, at, now + timedelta(days=days), {"ground": ground}
    )
    act = Act(Actor(), "publication.published", "publication")
    return PublicationStore(at_work.database.get()).publish(new, act=act)


def call_from(client, address):
    """Return somebody without an account on another machine."""
    return caller(client.app, "", by="nothing", address=address)
