"""Builds of the toy county, one after the other, with something changed in its files."""

from toy_county import write_toy_county

from layers.build import build_county


def built(folder, data, **changes):
    """Build the toy county with some texts of its files changed, and return the version."""
    toml = write_toy_county(folder)
    for name, (old, new) in changes.items():
        file = folder / name.replace("_", ".")
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
    return build_county(toml, data_dir=data).version
