"""Whether the service is ready."""

from __future__ import annotations

from typing import Any

from fastapi import Depends

from api.auth import Public, guarded_router
from api.deps import AtWork

router = guarded_router()


@router.get("/health", dependencies=[Depends(Public())])
def health(at_work: AtWork) -> dict[str, Any]:
    """Answer 200 once a county can be served."""
    county = at_work.county.county
    return {"status": "ready", "county": county.name, "version": county.version}
