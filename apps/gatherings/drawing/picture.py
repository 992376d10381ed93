"""The table drawing as a picture of its own, for mails and previews of links: in daylight, and without a word in it.

A picture has no stylesheet, so the rules and the colours of the pages are written into each part of the drawing first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import css_inline
import resvg_py
from django.conf import settings
from django.template.loader import render_to_string
from PIL import Image

from apps.gatherings.drawing import draw
from apps.gatherings.drawing.seating import Seating

COLOURS = 64  # with the shades between them
WIDTH, HEIGHT, MARGIN = 1200, 630, 36  # the size that link previews ask for
SVG = "http://www.w3.org/2000/svg"
CSS = Path(settings.BASE_DIR) / "static" / "css"
RULES = re.compile(r"/\* The table drawing \*/(.*?)\n  /\* ", re.DOTALL)
TOKEN = re.compile(r"(--[a-z-]+): ([^;]+);")
BY_DAY = re.compile(r"light-dark\(([^,]+), [^)]+\)")
VAR = re.compile(r"var\((--[a-z-]+)(?:, ([^)]+))?\)")
DOWN = re.compile(r"translateY\((\d+)px\)")

Values = Mapping[str, str]


@lru_cache(maxsize=256)
def picture(seating: Seating, width: int = WIDTH) -> bytes:
    """As PNG, with a palette, since a drawing has few colours. Few seatings differ."""
    height = width * HEIGHT // WIDTH
    drawn = resvg_py.svg_to_bytes(svg_string=alone(seating), width=width, height=height, skip_system_fonts=True)
    small = BytesIO()
    Image.open(BytesIO(drawn)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        small, "PNG", optimize=True
    )
    return small.getvalue()


def alone(seating: Seating) -> str:
    """As SVG that needs nothing beside it."""
    drawn = parsed(render_to_string("components/table.svg", {"drawing": draw(seating), "size": "page"}))
    side = HEIGHT - 2 * MARGIN
    drawn.attrib |= {
        "x": f"{(WIDTH - side) / 2:g}",
        "y": f"{MARGIN}",
        "width": f"{side}",
        "height": f"{side}",
        "overflow": "visible",
    }
    for parent in list(drawn.iter()):
        unfold(parent)
    drawn = parsed(css_inline.inline_fragment(ElementTree.tostring(drawn, encoding="unicode"), rules()))
    settle(drawn, tokens())
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{tokens()["--paper"]}"/>'
    inside = ElementTree.tostring(drawn, encoding="unicode")
    return f'<svg xmlns="{SVG}" viewBox="0 0 {WIDTH} {HEIGHT}">{ground}{inside}</svg>'


def parsed(text: str) -> Element:
    return ElementTree.fromstring(text)


def unfold(parent: Element) -> None:
    """Put the shape itself in place of each use of it, where it takes the colours of what is around."""
    for number, use in enumerate(parent):
        if use.tag == "use":
            moved = f"translate({use.get('x', '0')} {use.get('y', '0')})"
            place = Element("g", {"transform": f"{use.get('transform', '')}{moved}"})
            place.append(deepcopy(shapes()[use.attrib["href"].removeprefix("#")]))
            for inner in list(place.iter()):
                unfold(inner)
            parent[number] = place


def settle(element: Element, around: Values) -> None:
    """Write plain colours for the names of colours, which mean in each part what the parts around it say."""
    said = dict(part.split(": ", 1) for part in element.attrib.pop("style", "").split(";") if ": " in part)
    here = {**around, **{name: resolved(value, around) for name, value in said.items() if name.startswith("--")}}
    if down := DOWN.fullmatch(said.pop("transform", "")):
        element.set("transform", f"translate(0 {down[1]})")
    for name, value in said.items():
        if name.startswith(("fill", "stroke", "opacity")):
            element.set(name, resolved(value, here))
    for inner in element:
        settle(inner, here)


def resolved(value: str, values: Values) -> str:
    plain = VAR.sub(lambda found: values.get(found[1]) or found[2], BY_DAY.sub(r"\1", value))
    return "none" if plain == "transparent" else plain.removesuffix("px")


@cache
def shapes() -> dict[str, Element]:
    """By their names; a copy of one does not keep its own."""
    return {shape.attrib["id"]: shape for shape in parsed(render_to_string("components/shapes.svg"))[0]}


@cache
def rules() -> str:
    found = RULES.search((CSS / "components.css").read_text())
    assert found is not None  # the stylesheet has this part, or the suite fails
    return found[1]


@cache
def tokens() -> Values:
    """The colours of the house, by day."""
    return {name: BY_DAY.sub(r"\1", value) for name, value in TOKEN.findall((CSS / "tokens.css").read_text())}
