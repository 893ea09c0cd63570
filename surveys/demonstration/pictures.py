"""Photographs that nobody took: drawn, and stamped 演示数据 / DEMO across."""

from __future__ import annotations

import io
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw

SIZE = (800, 600)
#: The stamp's four signs as strokes in a square of 24: fonts with Chinese are not everywhere.
STAMP: tuple[tuple[tuple[float, ...], ...], ...] = (
    (  # 演
        (3, 3, 6, 6), (2, 9, 5, 12), (2, 21, 6, 14), (15, 1, 15, 4), (8, 8, 8, 5, 22, 5, 21, 8),
        (10, 9, 20, 9), (10, 12, 20, 12, 20, 18, 10, 18, 10, 12), (10, 15, 20, 15),
        (15, 9, 15, 18), (12, 19, 9, 23), (18, 19, 21, 23),
    ),
    (  # 示
        (5, 4, 19, 4), (2, 9, 22, 9), (12, 9, 12, 22, 9, 20), (7, 13, 3, 19), (17, 13, 21, 19),
    ),
    (  # 数
        (3, 2, 5, 4), (10, 2, 8, 4), (1, 6, 12, 6), (6.5, 1, 6.5, 11), (6, 7, 2, 10),
        (7, 7, 11, 10), (5, 11, 3, 17, 10, 22), (9, 13, 7, 18, 2, 22), (1, 15, 12, 15),
        (16, 1, 13, 8), (14, 6, 23, 6), (20, 6, 18, 14, 12, 22), (14, 9, 17, 16, 23, 22),
    ),
    (  # 据
        (1, 6, 8, 6), (5, 1, 5, 22, 3, 20), (1, 15, 8, 12), (11, 3, 22, 3, 22, 8, 11, 8),
        (11, 3, 11, 10, 9, 22), (13, 12, 23, 12), (17.5, 9, 17.5, 15),
        (14, 15, 21, 15, 21, 22, 14, 22, 14, 15),
    ),
)  # fmt: skip
WALLS = ("#d8d2c4", "#c9d6d3", "#d9c8bd", "#cfd3df", "#dcd9c9")
INK, ACCENT, RED = "#2b3434", "#0f5c5c", "#b3261e"


def photo(subject: str, said: str, seed: str) -> bytes:
    """A JPEG of *subject* (the name of the question that asks for it), with *said* written on it.

    The same *seed* gives the same picture.
    """
    chance = Random(seed)  # noqa: S311 - synthetic
    image = Image.new("RGB", SIZE, chance.choice(WALLS))
    draw = ImageDraw.Draw(image)
    if subject == "signature":
        _signature(draw, chance)
    elif any(word in subject for word in ("list", "slip", "case", "records", "rule")):
        _paper(draw, chance)
    elif any(word in subject for word in ("screen", "system", "ledger", "board", "signs")):
        _screen(draw, chance)
    else:
        _front(draw, chance)
    draw.text((24, 560), said.encode("ascii", "replace").decode(), fill=INK, font_size=20)
    image.paste(_stamp(), (416, 458))
    content = io.BytesIO()
    image.save(content, "JPEG", quality=62)
    return content.getvalue()


def _front(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """A building with windows and a door."""
    left, top = chance.randint(60, 140), chance.randint(90, 150)
    right = SIZE[0] - chance.randint(60, 140)
    draw.rectangle((0, 470, 800, 600), fill="#a9a79d")
    draw.rectangle((left, top, right, 470), fill="#efece3", outline=INK, width=3)
    for row in range(2):
        for x in range(left + 30, right - 60, 90):
            y = top + 40 + row * 90
            draw.rectangle((x, y, x + 50, y + 60), fill="#7f9aa3", outline=INK)
    door = chance.randint(left + 90, right - 190)
    draw.rectangle((door, 350, door + 110, 470), fill="#5a6a6a", outline=INK, width=3)
    draw.rectangle((left + 40, top - 44, right - 40, top - 8), fill=ACCENT)
    draw.text((left + 60, top - 40), "SERVICE HALL", fill="white", font_size=26)


def _paper(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """A sheet of paper with lines of writing."""
    left = chance.randint(140, 220)
    draw.rectangle((left, 50, left + 400, 540), fill="#fdfcf8", outline=INK, width=2)
    for line in range(14):
        width = chance.randint(160, 340)
        y = 96 + line * 30
        draw.rectangle((left + 30, y, left + 30 + width, y + 9), fill="#8a9292")
        if chance.random() < 0.4:
            draw.rectangle((left + 360, y - 4, left + 376, y + 12), outline=ACCENT, width=3)


def _screen(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """A screen with a table."""
    draw.rectangle((70, 60, 730, 480), fill="#20303a", outline=INK, width=8)
    draw.rectangle((86, 76, 714, 116), fill=ACCENT)
    for row in range(9):
        y = 132 + row * 37
        for column in range(4):
            x = 100 + column * 154
            draw.rectangle((x, y, x + chance.randint(50, 132), y + 14), fill="#9fb4b8")
    draw.rectangle((360, 488, 440, 540), fill="#4a4f52")


def _signature(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    """A line that somebody might have signed with."""
    draw.rectangle((40, 60, 760, 440), fill="white", outline=INK, width=2)
    points = [(120 + 14 * at, 250 + chance.randint(-90, 90)) for at in range(38)]
    draw.line(points, fill=INK, width=5)


@lru_cache(maxsize=1)
def _stamp() -> Image.Image:
    image = Image.new("RGB", (376, 92), "#fffefb")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 375, 91), outline=RED, width=4)
    for place, strokes in enumerate(STAMP):
        for stroke in strokes:
            points = [
                (16 + place * 62 + across * 2.35, 16 + down * 2.6)
                for across, down in zip(stroke[::2], stroke[1::2], strict=True)
            ]
            draw.line(points, fill=RED, width=4, joint="curve")
    draw.text((266, 28), "DEMO", fill=RED, font_size=34)
    return image
