"""The baseline of the page line: Litestar and Jinja, 14 rows, no database and nobody signed in."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import DictLoader, Environment
from litestar import Litestar, MediaType, get

ROWS, DIMENSIONS = 14, 18
PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1>
<table><thead><tr><th>排名</th><th>市州</th><th>得分</th><th>较上期</th>
{% for name in names %}<th>{{ name }}</th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr><td>{{ row.rank }}</td><td>{{ row.city }}</td>
<td>{{ "%.2f" | format(row.score) }}</td><td>{{ "%+d" | format(row.change) }}</td>
{% for value in row.dimensions %}<td>{{ "%.2f" | format(value) }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></body></html>
"""


@dataclass(frozen=True)
class Row:
    """One city."""

    rank: int
    city: str
    score: float
    change: int
    dimensions: tuple[float, ...]


def create_app() -> Litestar:
    """The bare application."""
    template = Environment(loader=DictLoader({"page": PAGE}), autoescape=True).get_template("page")
    names = [f"一级指标{at:02}" for at in range(DIMENSIONS)]
    rows = [
        Row(
            at + 1, f"示例{at:02}市", 80 - at / 3, at % 3 - 1, tuple(60 + at + d for d in range(18))
        )
        for at in range(ROWS)
    ]

    @get("/", media_type=MediaType.HTML, sync_to_thread=True)
    def page() -> str:
        return template.render(title="营商环境评价排名", names=names, rows=rows)

    return Litestar([page], openapi_config=None)
