"""The whole audit on COINr's data set, from files: its numbers and what it finds."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scoring.audit import audit
from tests.golden import tables
from tests.scoring.standalone.asem import scored

CHAIN = """
[impute]
method = "group-mean"
group = "EurAsia_group"
[treat]
method = "winsorise"
[normalise]
method = "minmax"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    done = scored(tmp_path_factory.mktemp("asem"), "coin_Denominated", CHAIN)
    people = {row["uCode"]: float(row["Population"]) for row in _units()}
    return audit(
        done.tree, done.sheet, population=np.array([people[city] for city in done.sheet.cities])
    )


def _units():
    return tables.rows(tables.ASEM / "asem_iData.csv")


def _found(made, check, state):
    return {e.subject for e in made.checks if e.check == check and e.state == state}


def test_correlations_and_alphas_are_coinrs(made):
    for name in ("corr_ind_pillar_pearson", "corr_sub_index_pearson"):
        for row in tables.rows(tables.ASEM / f"{name}.csv"):
            above, below = sorted((row["Var1"], row["Var2"]), key=lambda c: c in made.correlations)
            pair = [
                (a, b) for a, b in ((above, below), (below, above)) if b in made.correlations[a]
            ]
            ((child, parent),) = pair
            want = float(row["Correlation"])
            assert made.correlations[child][parent] == pytest.approx(want, abs=1e-12)
    for row in tables.rows(tables.ASEM / "cronbach.csv"):
        parent = row["group"].removesuffix("_pillars")
        if parent in made.alphas:
            assert made.alphas[parent] == pytest.approx(float(row["alpha_norm"]), abs=1e-12)


def test_what_it_finds(made):
    assert made.state == "fail"
    assert _found(made, "parent", "fail") == {"TBTs"}
    assert "SusEcFin" in _found(made, "alpha", "warn")
    assert _found(made, "shape", "warn") == set(), "treatment cured every outlier"
    treated = {e.subject for e in made.checks if e.reason == "shape-treated"}
    failed = {
        row["iCode"]
        for row in tables.rows(tables.ASEM / "treat_details.csv")
        if row["check_SkewKurt0.Pass"] == "FALSE"
    }
    # the audit looks at what was collected, the treatment at what was filled as well
    assert failed - treated == {"PubDebt"}
    assert treated <= failed
    opposed = {
        frozenset((e.facts["one"], e.facts["two"]))
        for e in made.checks
        if e.reason == "siblings-opposed" and e.facts["r"] < -0.5
    }
    assert opposed == {
        frozenset((row["Ind1"], row["Ind2"]))
        for row in tables.rows(tables.ASEM / "corr_flags_low-05.csv")
    }


def test_leaving_a_pillar_out_moves_ranks_as_it_does_in_coinr(made):
    ours = {each.code: each.mean_shift for each in made.omissions}
    rows = tables.rows(tables.ASEM / "remove_pillar_meanabsrankdiff.csv")
    assert len(rows) >= 8
    for row in rows:
        if row["code"] != "Nominal":
            want = float(row["MeanAbsDiff"])
            assert ours[row["code"]] == pytest.approx(want, abs=1e-12), row


def test_it_is_plain_json(made):
    said = json.loads(json.dumps(made.as_mapping(), allow_nan=False))
    assert said["counts"]["fail"] == 1
    assert said["critical"] == pytest.approx(0.276, abs=5e-4)
