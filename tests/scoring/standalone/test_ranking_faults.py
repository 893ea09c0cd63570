"""What may be wrong with weights, bands, points and lists in a METHOD: its place, in words."""

from __future__ import annotations

import json

import pytest

from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import use_locale
from scoring.standalone import as_json, score_files
from tests.scoring.standalone.test_bad_input import FRAMEWORK, _faults, _files

VALUES = "city,A,B,C\nx,40,10,5\ny,80,20,50\nz,30,5,70\n"
THREE = FRAMEWORK + "C,I,Third,1,1,,100,0\n"

AHP = """[weights]
method = "ahp"

[[weights.judgements]]
parent = "I"
judge = "甲"
pairs = [["A", "B", 3], ["A", "C", 5], ["B", "C", 2]]

[[weights.judgements]]
parent = "I"
"""


def _best_worst(from_best, to_worst):
    head = '[weights]\nmethod = "best-worst"\n[[weights.judgements]]\nparent = "I"\n'
    return f"{head}from_best = {{{from_best}}}\nto_worst = {{{to_worst}}}"


def _found(folder, method):
    found = _faults(folder, framework=THREE, values=VALUES, method=method)
    return {(row, code) for file, row, _, code in found if file == "m.toml"}


@pytest.mark.parametrize(
    ("last", "code"),
    [
        ("", "judgement-form"),
        ('pairs = [["A", "B", 9], ["B", "C", 9], ["C", "A", 9]]', None),
        ('pairs = [["A", "B", 1], ["B", "C", 1]]', "not-compared"),
        ('pairs = [["A", "B", 1], ["B", "A", 1], ["A", "C", 1], ["B", "C", 1]]', "compared-twice"),
        ('pairs = [["A", "B", 1], ["A", "C", 0], ["B", "C", 1]]', "judgement-not-positive"),
        ('pairs = [["A", "D", 1]]', "not-a-child"),
        ('pairs = "A"', "wrong-type"),
        ('codes = ["A", "B", "C"]\nmatrix = [[1, 2], [3, 4], [5, 6]]', "wrong-type"),
        ('codes = ["A", "A", "B"]\nmatrix = [[1,1,1],[1,1,1],[1,1,1]]', "listed-twice"),
        ('codes = ["A", "B", "C"]\nmatrix = [[1,9,1],[9,1,1],[1,1,1]]', "not-reciprocal"),
        ('from_best = "A"', "wrong-type"),
    ],
)
def test_the_second_judgement_is_where_it_is(tmp_path, last, code):
    if code is None:
        alone = AHP[: AHP.index("pairs")] + last
        assert _found(tmp_path, alone) == {(4, "inconsistent")}
    else:
        assert (9, code) in _found(tmp_path, AHP + last)


@pytest.mark.parametrize(
    ("method", "codes"),
    [
        ('[weights]\nmethod = "pca"', {"not-allowed"}),
        ('[weights]\nmethod = "entropy"\nlevels = [4]', {"no-such-level"}),
        ('[weights]\nmethod = "merec"', {"scores-not-positive"}),
        ('[weights]\nmethod = "ahp"\njudgements = 3', {"wrong-type"}),
        ('[weights]\nmethod = "ahp"\n[[weights.judgements]]\nparent = "A"\npairs = [["B","C",1]]',
         {"judgement-parent"}),
        (_best_worst("A = 1, B = 12, C = 2", "A = 2, B = 1, C = 2"),
         {"judgement-range"}),
        (_best_worst("A = 1, B = 5", "A = 2, B = 1, C = 2"), {"not-judged"}),
        (_best_worst("A = 1, B = 5, C = 2", "A = 4, B = 1, C = 2"),
         {"judgement-widest"}),
        (_best_worst("A = 2, B = 5, C = 2", "A = 5, B = 1, C = 2"),
         {"judgement-self"}),
        ('[grades]\nby = "rank"\nnames = ["A", "B", "B"]\nlimits = [1]', {"listed-twice"}),
        ('[grades]\nby = "rank"\nnames = ["A", "B", "C"]\nlimits = [3, 1, 2]',
         {"limits-count", "limits-order"}),
        ('[[adjust.items]]\ncity = "nowhere"\ncode = "a"\nkind = "bonus"\npoints = 1\nreason = "b"',
         {"city-not-there"}),
        ('[challengers]\nmethods = ["topsis"]\npreference_function = "linear"', {"missing-key"}),
    ],
)  # fmt: skip
def test_each_refusal_has_words_in_both_languages(tmp_path, method, codes):
    values = VALUES.replace("x,40", "x,0")
    found = _faults(tmp_path, framework=THREE, values=values, method=method)
    assert {code for *_, code in found} == codes


def test_two_cities_are_too_few_and_the_row_of_the_family_is_named(tmp_path):
    values = "city,A,B,C\nx,40,10,5\ny,80,20,50\n"
    found = _faults(tmp_path, framework=THREE, values=values, method='[weights]\nmethod = "gini"')
    assert found == {("f.csv", 2, "code", "too-few-cities")}


def test_the_inconsistent_comparisons_are_named(tmp_path):
    method = AHP[: AHP.index("pairs")] + 'pairs = [["A","B",9], ["B","C",9], ["C","A",9]]'
    with pytest.raises(Faulty) as error:
        score_files(*_files(tmp_path, framework=THREE, values=VALUES, method=method))
    with use_locale("en"):
        said = str(error.value.faults[0].explain())
    assert '"A", "B" and "C" agree least' in said
    assert "about 81, and 0.111 is written" in said


def test_the_json_says_what_followed_the_scores(tmp_path):
    method = (
        AHP[: AHP.index('\n[[weights.judgements]]\nparent = "I"\n', 60)]
        + """
[grades]
by = "natural-breaks"
names = ["一", "二"]
[challengers]
methods = ["topsis", "vikor", "promethee"]
reversals = true
"""
    )
    paths = _files(tmp_path, framework=THREE, values=VALUES, method=method)
    made = as_json(score_files(*paths))
    json.dumps(made, allow_nan=False)
    assert set(made["further"]) == {"grades", "challengers"}
    assert made["method"]["weights"]["executed"]["families"]["I"]["judges"] == 1
    assert "甲" not in json.dumps(made["method"], ensure_ascii=False)
    assert "further" not in as_json(score_files(*paths[:2]))
