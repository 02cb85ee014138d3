"""Colours as they are seen: how light, in grey print, and with the green cones missing."""

import numpy as np

# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009.
_DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)


def linear(colour: str) -> np.ndarray:
    """Red, green and blue of an sRGB colour in proportion to light."""
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    return np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels])


def lightness(colour: str) -> float:
    """Relative luminance of an sRGB colour, WCAG 2.1."""
    return float(linear(colour) @ (0.2126, 0.7152, 0.0722))


def grey(colour: str, *, deuteranopia: bool = False) -> float:
    """Lightness L* from 0 to 100, as grey print has it, or as somebody without green cones sees the colour."""
    light = linear(colour)
    seen = np.clip(_DEUTERANOPIA @ light, 0, 1) if deuteranopia else light
    luminance = float(seen @ (0.2126, 0.7152, 0.0722))
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance
