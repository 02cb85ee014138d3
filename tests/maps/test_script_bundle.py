"""Modules joined into one plain script: each once, dependencies first, nothing left of import and export."""

import pytest

from maps.assets import STATIC
from maps.bundle import bundle


def test_each_module_comes_once_and_before_its_users(tmp_path):
    (tmp_path / "leaf.js").write_text("export const one = 1;\n")
    (tmp_path / "left.js").write_text('import { one } from "./leaf.js";\nexport function left() { return one; }\n')
    (tmp_path / "top.js").write_text(
        'import { one } from "./leaf.js";\nimport { left } from "./left.js";\nleft(one);\n'
    )
    script = bundle(tmp_path / "top.js")
    places = [script.index(f"modules.{name} =") for name in ("leaf", "left", "top")]
    assert places == sorted(places)
    assert script.count("modules.leaf =") == 1


@pytest.mark.parametrize("line", ['import "./leaf.js";', "export default 1;", 'const late = import("./leaf.js");'])
def test_an_unknown_form_is_refused(tmp_path, line):
    (tmp_path / "top.js").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"top\.js"):
        bundle(tmp_path / "top.js")


def test_the_viewer_carries_no_module_that_needs_a_server():
    script = bundle(STATIC / "js" / "viewer.js")
    assert "modules.atlas" in script
    assert "fetch(" not in script
