"""The lines by name: ``python -m bench score read``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench import (
    audit_lines,
    challenger_lines,
    edit_lines,
    form_lines,
    page_lines,
    ranking_lines,
    rater_lines,
    reading_lines,
    scoring_lines,
    standalone_lines,
    submission_lines,
    uncertainty_lines,
    whatif_lines,
)
from bench.measuring import Line

PARTS: dict[str, Callable[[], Iterator[Line | str]]] = {
    "score": scoring_lines.lines,
    "audit": audit_lines.lines,
    "challengers": challenger_lines.lines,
    "read": reading_lines.lines,
    "ranking": ranking_lines.lines,
    "page": page_lines.lines,
    "edit": edit_lines.lines,
    "standalone": standalone_lines.lines,
    "raters": rater_lines.lines,
    "form": form_lines.lines,
    "submission": submission_lines.lines,
    "uncertainty": uncertainty_lines.lines,
    "whatif": whatif_lines.lines,
}
