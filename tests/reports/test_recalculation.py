"""An office program recomputes every formula to our numbers."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook

from evaluation.platform.i18n import use_locale
from reports.ranking import ranking_report
from reports.render.xlsx import render_xlsx
from tests.reports.factories import framework, province, scored, two_levels, units

if TYPE_CHECKING:
    from pathlib import Path

    from reports.ranking import RankingFacts

pytestmark = [
    pytest.mark.office,
    # LibreOffice's own copy holds an extension that openpyxl does not read; we only want numbers
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


def recalculated(data: bytes, folder: Path) -> Workbook:
    """The workbook without our cached values, as LibreOffice saves it again."""
    bare = load_workbook(io.BytesIO(data))
    assert bare.calculation.fullCalcOnLoad
    before, after = folder / "before", folder / "after"
    before.mkdir()
    bare.save(before / "ranking.xlsx")  # openpyxl writes formulas without values
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(after),
         str(before / "ranking.xlsx")],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return load_workbook(io.BytesIO((after / "ranking.xlsx").read_bytes()), data_only=True)


def tied() -> RankingFacts:
    """Three units level, one without any value, one not ranked, a dimension that misses here."""
    made = framework(two_levels(4, 3), units(7))
    values = np.random.default_rng(8).uniform(5, 95, (7, 12)).round(2)
    values[1] = values[2] = values[0]
    values[4] = np.nan
    values[5, :3] = np.nan
    return province(7, made.nodes, framework=made, sheet=scored(made, values=values))


def geometric() -> RankingFacts:
    made = framework(two_levels(4, 3), units(7))
    sheet = scored(made, method={"aggregate": {"method": "geometric"}})
    return province(7, made.nodes, framework=made, sheet=sheet)


@pytest.mark.parametrize(
    ("facts", "locale", "least"),
    [(province(15), "zh", 700), (tied(), "en", 60), (geometric(), "zh", 60)],
    ids=["demo", "tied-english", "geometric"],
)
def test_formulas_agree_with_our_numbers(
    facts: RankingFacts, locale: str, least: int, tmp_path: Path
) -> None:
    with use_locale(locale):
        data = render_xlsx(ranking_report(facts))
    ours = load_workbook(io.BytesIO(data), data_only=True)
    formulas = load_workbook(io.BytesIO(data))
    theirs = recalculated(data, tmp_path)
    checked = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                expected = ours[sheet.title][cell.coordinate].value
                found = theirs[sheet.title][cell.coordinate].value
                assert found == pytest.approx(expected, abs=1e-9), (sheet.title, cell.coordinate)
                checked += 1
    assert checked >= least
