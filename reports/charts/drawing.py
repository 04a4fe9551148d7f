"""A chart description as SVG or PNG. Everything is drawn here, offline; nothing is fetched."""

from __future__ import annotations

import re
import struct
import zlib
from functools import cache
from typing import Any

import vl_convert

from reports.charts.style import THEMED

_VEGA_LITE = "6.4"
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def svg(spec: dict[str, Any]) -> str:
    """The chart as SVG text with real letters, so that it can be searched and scaled."""
    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[])
    return drawn


def themed(drawn: str) -> str:
    """`drawn` with the palette as custom properties, so that a page can show it light or dark.

    The roles that the drawer gives each mark go: the page calls the whole a picture and tells it in words.
    """
    drawn = _ROLES.sub("", drawn)
    for hexadecimal, name in THEMED.items():
        drawn = drawn.replace(f'"{hexadecimal}"', f'"var(--{name}, {hexadecimal})"')
    return drawn


def png(spec: dict[str, Any], *, scale: float = 2) -> bytes:
    """The chart as PNG, `scale` pixels to a point, packed as small as the format allows."""
    drawn: bytes = vl_convert.vegalite_to_png(spec, vl_version=_VEGA_LITE, scale=scale, allowed_base_urls=[])
    return _packed(drawn)


def _packed(image: bytes) -> bytes:
    """The same pixels in fewer bytes (a quarter, measured): the drawer packs fast, mail wants small."""
    at, kept, pixels = len(_SIGNATURE), [], b""
    while at < len(image):
        (length,) = struct.unpack(">I", image[at : at + 4])
        kind, content = image[at + 4 : at + 8], image[at + 8 : at + 8 + length]
        if kind == b"IDAT":
            pixels += content
        else:
            kept.append((kind, content))
        at += 12 + length
    kept.insert(-1, (b"IDAT", zlib.compress(zlib.decompress(pixels), 9)))
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in kept)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@cache
def script() -> str:
    """The script that makes the charts of a page interactive; the web app serves it as a file.

    It holds the drawing library (about 0.9 MB), evaluates no text as code, adds no style and fetches
    nothing, so it runs under a strict content security policy.
    """
    bundled: str = vl_convert.javascript_bundle(_SNIPPET, vl_version=_VEGA_LITE)
    return bundled


_SNIPPET = """
for (const holder of document.querySelectorAll("[data-chart]")) {
  const spec = JSON.parse(document.getElementById(holder.dataset.chart).textContent);
  const stage = document.createElement("div");
  stage.setAttribute("aria-hidden", "true");  // the holder is the picture, and tells it in words
  const quiet = {disableDefaultStyle: true};
  vegaEmbed(stage, spec, {ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: quiet})
    .then(() => holder.replaceChildren(stage))
    .catch(() => stage.remove());
}
"""
