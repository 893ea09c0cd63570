"""The ASEM data set as the three files that an analyst would write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.standalone import Standalone, score_files
from tests.golden import tables

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["code", "parent", "name", "direction", "weight", "unit", "best", "worst", "target"]


def framework(
    folder: Path,
    *,
    directed: bool = True,
    posts: dict[str, tuple[float, float]] | None = None,
) -> Path:
    """FRAMEWORK.csv from iMeta; *posts* gives (best, worst) by indicator."""
    body: list[list[object]] = []
    for node in tables.asem_nodes():
        code = node["iCode"]
        best, worst = (posts or {}).get(code, (None, None))
        direction = node["Direction"] if directed else 1
        said = [node[key] for key in ("Parent", "iName")]
        rest = [node[key] for key in ("Weight", "Unit")]
        body.append([code, *said, direction, *rest, best, worst, node["Target"]])
    return tables.write(folder / "framework.csv", HEADER, body)


def values(folder: Path, units: list[str], codes: list[str], numbers: np.ndarray) -> Path:
    """VALUES.csv with the group column."""
    groups = tables.asem_groups()
    body = [[unit, groups[unit], *row] for unit, row in zip(units, numbers.tolist(), strict=True)]
    return tables.write(folder / "values.csv", ["city", "EurAsia_group", *codes], body)


def scored(
    folder: Path,
    source: str | np.ndarray,
    method: str,
    *,
    directed: bool = True,
    posts: dict[str, tuple[float, float]] | None = None,
) -> Standalone:
    """Score a golden stage (or an array over all units and indicators) by the text of a METHOD."""
    codes, units, numbers = tables.matrix("coin_Denominated")
    if isinstance(source, str):
        codes, units, numbers = tables.matrix(source)
    else:
        numbers = source
    path = folder / "method.toml"
    path.write_text(method, encoding="utf-8")
    return score_files(
        framework(folder, directed=directed, posts=posts),
        values(folder, units, codes, numbers),
        path,
    )


def agrees(got: np.ndarray, want: np.ndarray, *, tolerance: float = 1e-9) -> None:
    """Everywhere the reference has a number, ours is the same to *tolerance* (relative)."""
    known = ~np.isnan(want)
    assert known.any()
    np.testing.assert_allclose(got[known], want[known], rtol=tolerance, atol=tolerance)


def nodes(standalone: Standalone, codes: list[str]) -> np.ndarray:
    """Scores of some nodes, ``(n_cities, n)``."""
    at = {code: i for i, code in enumerate(standalone.sheet.nodes)}
    return standalone.sheet.scores[:, [at[code] for code in codes]]
