"""Every colour can be read, in every theme, by someone tired in a dark corridor.

Colours are worked out from the style sheet itself: OKLCH to linear sRGB (Ottosson 2020) to
relative luminance and contrast ratio (WCAG 2.2, 1.4.3 and 1.4.11).
"""

import math
import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "src/milieu/shell/static/shell"
TOKENS = (STYLES / "tokens.css").read_text()

SURFACES = {"paper", "raised", "sunk", "hatch", "now-wash", "soon-wash", "info-wash"}
TEXTS = {"ink", "soft", "action", "now", "soon", "info"}
EDGES = {"edge"}
DECORATION = {"line"}
ALIKE_IN_ALL = {"code-paper"}  # one colour for day and night
BRIGHTEST = 0.79  # of red, green or blue light: 230 of 255 as screens count it
THEMES = ["day", "night", "contrast", "day-more", "night-more", "print"]

TEXT_RATIO_MIN = 4.5
EDGE_RATIO_MIN = 3.0

Colour = tuple[float, float, float]


def oklch(text: str) -> Colour:
    lightness, chroma, hue = re.fullmatch(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)", text).groups()
    return float(lightness) / 100, float(chroma), float(hue)


def linear_srgb(colour: Colour) -> Colour:
    """Return red, green and blue in linear light, from 0 to 1 where the colour is in gamut."""
    lightness, chroma, hue = colour
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        +4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def luminance(colour: Colour) -> float:
    red, green, blue = (min(1.0, max(0.0, part)) for part in linear_srgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def block(start: str) -> str:
    """Return what stands between the braces that follow ``start``."""
    at = TOKENS.index("{", TOKENS.index(start)) + 1
    depth, end = 1, at
    while depth:
        depth += {"{": 1, "}": -1}.get(TOKENS[end], 0)
        end += 1
    return TOKENS[at : end - 1]


def declared(text: str) -> dict[str, str]:
    pairs = re.findall(r"--([a-z-]+):\s*((?:light-dark|oklch|var)\([^;]*\));", text)
    return {name: re.sub(r"\s+", " ", value) for name, value in pairs}


def colours(theme: str) -> dict[str, Colour]:
    """Return the colours of a theme as a browser resolves them."""
    pairs = declared(block(":root {"))
    shade = 1 if theme.startswith("night") else 0
    found = {
        name: re.findall(r"oklch\([^)]*\)", value)[0 if name in ALIKE_IN_ALL else shade]
        for name, value in pairs.items()
    }
    if theme == "contrast":
        found |= declared(block('[data-theme="contrast"]'))
    if theme.endswith("-more"):
        stronger = declared(block("(prefers-contrast: more)"))
        found |= {name: found[value[6:-1]] for name, value in stronger.items()}
    if theme == "print":
        found |= declared(block("@media print"))
    return {name: oklch(value) for name, value in found.items()}


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_has_one_role_and_every_role_a_colour(theme):
    assert set(colours(theme)) == SURFACES | TEXTS | EDGES | DECORATION | ALIKE_IN_ALL


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_can_be_shown_in_srgb(theme):
    outside = {
        name: parts
        for name, colour in colours(theme).items()
        if min(parts := linear_srgb(colour)) < -0.0005 or max(parts) > 1.0005
    }
    assert outside == {}


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_every_surface(theme):
    palette = colours(theme)
    faint = {
        (text, surface): round(ratio, 2)
        for text in TEXTS
        for surface in SURFACES
        if (ratio := contrast(palette[text], palette[surface])) < TEXT_RATIO_MIN
    }
    assert faint == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_can_be_seen_on_every_surface(theme):
    palette = colours(theme)
    faint = {
        (edge, surface): round(ratio, 2)
        for edge in EDGES
        for surface in SURFACES
        if (ratio := contrast(palette[edge], palette[surface])) < EDGE_RATIO_MIN
    }
    assert faint == {}


def test_night_keeps_blue_light_below_half_of_the_red():
    for name, colour in colours("night").items():
        if name in ALIKE_IN_ALL:
            continue
        red, _, blue = linear_srgb(colour)
        assert blue < red / 2, name


def test_night_is_no_brighter_than_it_must_be():
    palette = colours("night")
    assert max(luminance(palette[surface]) for surface in SURFACES) < 0.02
    assert contrast(palette["ink"], palette["paper"]) < 10
    too_bright = {
        name: max(linear_srgb(colour))
        for name, colour in palette.items()
        if name not in ALIKE_IN_ALL and max(linear_srgb(colour)) > BRIGHTEST
    }
    assert too_bright == {}


@pytest.mark.parametrize("theme", ["day", "night"])
def test_no_colour_is_green(theme):
    for name, (_, chroma, hue) in colours(theme).items():
        assert chroma < 0.03 or not 110 < hue < 200, name


def test_the_two_alarms_differ_for_a_colour_blind_eye_by_lightness_or_hue():
    """Red-green blindness keeps lightness and yellow-blue; one of the two must tell them apart."""
    for theme in ("night", "contrast"):
        palette = colours(theme)
        assert contrast(palette["now"], palette["soon"]) > 1.25, theme


@pytest.mark.parametrize(
    "path", sorted(set(STYLES.glob("*.css")) - {STYLES / "tokens.css"}), ids=lambda path: path.name
)
def test_only_the_tokens_hold_a_colour_or_a_size(path):
    """Conditions and the margins of paper cannot read tokens; ``em`` follows the size of text."""
    exempt = r"/\*.*?\*/|@page \{.*?\}|@(media|container)[^{]*\{"
    rules = re.sub(exempt, "", path.read_text(), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab)a?\(", rules) == []
    assert re.findall(r"[\d.]+(?:px|rem|pt|mm|cm|in)\b", rules) == []
