"""Tables as other programs and other people write them: accepted, and what was assumed is said."""

from __future__ import annotations

import pytest

from evaluation.platform.errors import Faulty
from scoring.standalone import as_json, score_files
from tests.scoring.standalone import handed_in

FRAMEWORK = """code,parent,name,direction,weight,unit,best,worst
I,,Index,1,1,,,
A,I,First,1,2,%,100,0
B,I,Second,-1,1,days,0,50
"""
VALUES = "city,A,B\nx,40,10\ny,80,20\nz,,5\n"


def _score(folder, framework=FRAMEWORK, values=VALUES, method=None):
    return score_files(*handed_in.files(folder, framework, values, method))


def _numbers(done):
    said = as_json(done)
    return said["scores"], said["ranks"], said["stages"]


def _warned(done):
    return [(fault.file, fault.row, fault.column, fault.code) for fault in done.warnings]


@pytest.fixture
def plain(tmp_path):
    return _numbers(_score(tmp_path))


def test_na_as_r_writes_it_is_an_empty_cell_and_that_is_said(tmp_path, plain):
    framework = FRAMEWORK.replace("I,,Index,1,1,,,", "I,NA,Index,NA,NA,NA,NA,NA")
    done = _score(tmp_path, framework, VALUES.replace("z,,", "z,NA,"))
    assert _numbers(done) == plain
    assert _warned(done) == [
        ("f.csv", 2, "direction", "na-is-empty"),
        ("f.csv", 2, "parent", "na-is-empty"),
        ("v.csv", 4, "A", "na-is-empty"),
    ]
    assert done.warnings[0].facts["count"] == 5
    assert done.units["I"] == ""


def test_na_is_imputed_as_an_empty_cell_is(tmp_path):
    done = _score(tmp_path, values=VALUES.replace("z,,", "z,NA,"), method="impute.method = 'mean'")
    assert as_json(done)["stages"]["imputed"]["z"]["A"] == 60


def test_a_city_or_a_node_may_be_called_na(tmp_path):
    framework = "code,parent\nI,\nNA,I\nA,NA\nB,NA\n"
    done = _score(tmp_path, framework, "city,A,B\nNA,1,2\ny,3,4\n")
    assert done.tree.parents == (None, "I", "NA", "NA")
    assert done.sheet.cities == ("NA", "y")
    assert not done.warnings


def test_columns_of_a_framework_that_nobody_needs(tmp_path, plain):
    more = ("level", "Level", "iName", "Type", "names", "notes", "node", "weights", "sources")
    head, *rows = FRAMEWORK.splitlines()
    wider = [",".join((head, *more)), *(f"{row}{',x' * len(more)}" for row in rows)]
    done = _score(tmp_path, "\n".join(wider))
    assert _numbers(done) == plain
    assert {code for *_, code in _warned(done)} == {"unused-column"}


@pytest.mark.parametrize(
    ("up", "down"),
    [
        ("1.00", "-1.00"),
        ("＋１", "－１"),
        ("正向", "逆向"),
        ("正向指标", "负向指标"),
        ("越大越好", "越小越好"),
        ("Positive", "Negative"),
        ("benefit", "cost"),
    ],
)
def test_directions_in_other_words(tmp_path, plain, up, down):
    framework = FRAMEWORK.replace("First,1", f"First,{up}").replace("Second,-1", f"Second,{down}")
    assert _numbers(_score(tmp_path, framework)) == plain


def test_blank_columns_at_the_end_of_the_header(tmp_path, plain):
    values = VALUES.replace("city,A,B", "city,A,B,,")
    assert _numbers(_score(tmp_path, FRAMEWORK.replace("worst", "worst,,"), values)) == plain


def test_numbers_about_the_city_beside_the_indicators(tmp_path, plain):
    values = "city,group,year,B,A,population\nx,1,2025,10,40,9\ny,1,2025,20,80,7\nz,2,2025,5,,3\n"
    done = _score(tmp_path, values=values)
    assert _numbers(done) == plain
    assert [column for _, _, column, _ in _warned(done)] == ["group", "year", "population"]


def test_a_weighty_header_misspelt_is_still_refused(tmp_path):
    with pytest.raises(Faulty) as error:
        _score(tmp_path, FRAMEWORK.replace("weight", "weights"))
    assert [fault.code for fault in error.value.faults] == ["unknown-column"]
