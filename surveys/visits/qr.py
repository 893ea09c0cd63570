"""A QR code for a page."""

from __future__ import annotations

import segno


def picture(text: str) -> str:
    """A data address of an SVG, black on white whatever the page's colours."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=5, border=3, light="#fff")
