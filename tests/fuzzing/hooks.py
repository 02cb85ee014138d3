"""What schemathesis loads: how Excel files are made, and which records there are to be asked for."""

from __future__ import annotations

import json
import os

import schemathesis
from hypothesis import strategies as st

from tests.fuzzing import excel_bodies  # noqa: F401 - it registers itself

_RECORDS: dict[str, list[dict[str, str]]] = json.loads(os.environ["COUNTYGRID_FUZZ_RECORDS"])


@schemathesis.hook
def flatmap_path_parameters(
    context: schemathesis.HookContext, path_parameters: dict[str, object] | None
) -> st.SearchStrategy[dict[str, object] | None]:
    """Let most calls be about a record that there is."""
    known = next((rows for path, rows in _RECORDS.items() if context.operation.path.startswith(path)), None)
    if known is None or not path_parameters:
        return st.just(path_parameters)
    given = path_parameters
    real = st.sampled_from(known).map(lambda row: {name: row.get(name, value) for name, value in given.items()})
    return st.one_of(real, real, real, st.just(given))
