"""A round whose framework weighs, adjusts, grades and compares: workbook, run, storage."""

from __future__ import annotations

from typing import Any

from evaluation.framework.workbook import export_framework, import_framework
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from scoring.runs import store
from scoring.runs.judging import check_method, score_snapshot
from scoring.runs.sheets import sheet_bytes, sheet_from_bytes
from tests.factories.province import small_framework
from tests.scoring.runs.results import scored_round

METHOD: dict[str, Any] = {
    "weights": {
        "method": "ahp",
        "advisory": ["pca", "optimised"],
        "judgements": [{"parent": "T", "judge": "甲", "pairs": [["D1", "D2", 3]]}],
    },
    "adjust": {
        "bonus_cap": 2,
        "items": [{"city": "C1", "code": "奖励", "kind": "bonus", "points": 3, "reason": "文件一"}],
        "lists": [
            {
                "code": "重大案件",
                "colour": "black",
                "cities": ["C1"],
                "reason": "通报",
                "effect": "rank",
                "rank": 3,
            }
        ],
    },
    "grades": {"by": "natural-breaks", "names": ["优", "良"]},
    "challengers": {"methods": ["topsis", "vikor", "promethee"], "reversals": True},
}


def test_the_method_of_a_framework_survives_its_workbook() -> None:
    framework = small_framework(method=METHOD)
    assert not check_method(framework)
    assert import_framework(export_framework(framework), name="a.xlsx").method == METHOD


def test_a_run_keeps_what_followed_the_scores(
    database: Database, evidence_store: EvidenceStore
) -> None:
    with database.writing() as session:
        _, run = scored_round(session, evidence_store, framework=small_framework(method=METHOD))
        sheet = store.sheet(evidence_store, run.sheet_sha256)
        snapshot = store.held_snapshot(evidence_store, run.snapshot_sha256)
        assert evidence_store.get(run.sheet_sha256) == sheet_bytes(score_snapshot(snapshot))
        assert run.method["weights"]["executed"]["executed"]["D1"] == 0.75
        assert sheet_bytes(sheet_from_bytes(sheet_bytes(sheet))) == sheet_bytes(sheet)
    assert set(sheet.further) == {"adjust", "grades", "challengers"}
    assert sheet.further["adjust"]["points"]["C1"]["limited"] == ["bonus"]
    ranks = dict(zip(sheet.cities, sheet.ranks[:, sheet.nodes.index("T")].tolist(), strict=True))
    assert ranks["C1"] == 3
    assert (ranks["C2"], ranks["C3"]) == (1, 1)


def test_a_method_that_names_who_is_not_there_is_told_before_it_is_scored() -> None:
    item = {"city": "C9", "code": "奖励", "kind": "bonus", "points": 3, "reason": "文件一"}
    wrong = {"adjust": {"items": [item]}, "weights": {"method": "entropy", "levels": [7]}}
    codes = {fault.code for fault in check_method(small_framework(method=wrong))}
    assert codes == {"no-such-level"}
    codes = {
        fault.code for fault in check_method(small_framework(method={"adjust": wrong["adjust"]}))
    }
    assert codes == {"city-not-there"}
