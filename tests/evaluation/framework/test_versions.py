"""The canonical document, the difference between versions, and the demo province."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from evaluation.framework.checks import check_framework
from evaluation.framework.demo_province import demo_framework, demo_values
from evaluation.framework.diff import diff
from evaluation.framework.document import canonical_bytes, from_document, sha256, to_document
from evaluation.framework.methods import METHODS, method_name
from evaluation.framework.tree import Framework, Node, Unit
from evaluation.platform.i18n import use_locale

DEMO = demo_framework()


def test_document_is_json_and_comes_back_equal() -> None:
    assert from_document(json.loads(json.dumps(to_document(DEMO)))) == DEMO
    assert from_document(json.loads(canonical_bytes(DEMO))) == DEMO


def test_whole_numbers_hash_alike_however_they_are_held() -> None:
    one = Framework("F", "名", nodes=(Node("I", None, "总", weight=1.0),), method={"b": 1, "a": 2})
    two = Framework("F", "名", nodes=(Node("I", None, "总", weight=1),), method={"a": 2.0, "b": 1})
    assert sha256(one) == sha256(two)
    assert sha256(one) != sha256(replace(one, name="别名"))


@pytest.mark.parametrize("document", [{"code": "F", "name": "名", "colour": 1}, {"code": "F"}])
def test_unknown_or_missing_fields_are_an_error(document: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="fields"):
        from_document(document)


def test_equal_frameworks_have_no_difference() -> None:
    assert diff(DEMO, from_document(to_document(DEMO))) == []


def test_difference_reads_as_sentences_in_both_languages() -> None:
    nodes = list(DEMO.nodes)
    nodes[2] = replace(nodes[2], best=2.0, direction=1)
    new = replace(
        DEMO,
        edition="2027",
        nodes=(*nodes[:-1], Node("N18.07", "N18", "新指标")),
        units=DEMO.units[::-1],
        method={**DEMO.method, "rank": {"ties": "max"}},
    )
    said = [change.explain() for change in diff(DEMO, new)]
    assert said == [
        "版本由“2026”改为“2027”",
        "参评单位的排列顺序有变",
        "删除指标：N18.06 城市立体交通指数",
        "指标 N01.01 开办企业环节：方向由“逆向”改为“正向”",
        "指标 N01.01 开办企业环节：最优值由“1”改为“2”",
        "新增指标：N18.07 新指标",
        "评分方法 rank.ties：值由“min”改为“max”",
    ]
    with use_locale("en"):
        english = [change.explain() for change in diff(DEMO, new)]
    assert english[0] == "Edition changed from “2026” to “2027”"
    assert "Direction changed from “lower is better” to “higher is better”" in english[3]


def test_every_method_has_a_name_in_both_languages() -> None:
    assert len(METHODS) == 7
    with use_locale("en"):
        assert all(method_name(key) != METHODS[key] for key in METHODS)


def test_demo_framework_is_sound_and_marked() -> None:
    assert check_framework(DEMO) == []
    assert (len(DEMO.units), len(DEMO.dimensions), len(DEMO.indicators)) == (15, 18, 94)
    assert [unit.name for unit in DEMO.units if not unit.ranked] == ["兰州新区"]
    assert not DEMO.official
    assert all(node.official and node.source for node in DEMO.dimensions)
    assert all(not node.official and "示例/非官方" in node.source for node in DEMO.indicators)
    assert all(node.name_en and node.methods and node.unit for node in DEMO.indicators)
    assert len(DEMO.measures) == 25
    assert [m.no for m in DEMO.measures if m.official] == [1, 2, 3, 4, 5, 6]
    assert all("示例/非官方" in m.text for m in DEMO.measures if not m.official)
    assert "市场主体" not in canonical_bytes(DEMO).decode()
    by_code = DEMO.by_code
    assert (by_code["N05.01"].target, by_code["N05.02"].target) == (98, 1)
    assert by_code["N05.02"].direction == -1


def test_demo_values_are_deterministic_plausible_and_within_range() -> None:
    values = demo_values(DEMO, seed=7)
    assert values == demo_values(DEMO, seed=7)
    assert values != demo_values(DEMO, seed=8)
    assert list(values) == [(u.code, n.code) for u in DEMO.units for n in DEMO.indicators]
    missing = sum(value is None for value in values.values())
    assert 0.005 < missing / len(values) < 0.05
    for (_, code), value in values.items():
        node = DEMO.by_code[code]
        if value == "NA":
            assert node.allow_not_applicable
        elif value is not None:
            assert isinstance(value, float)
            assert node.minimum is not None
            assert node.maximum is not None
            assert node.minimum <= value <= node.maximum
    assert {code[:3] for (_, code), value in values.items() if value == "NA"} == {"N12"}


def test_rounds_move_little_and_units_do_not_disturb_each_other() -> None:
    last, this = demo_values(DEMO, seed=7), demo_values(DEMO, seed=7, round_shift=1)
    moved = []
    for key, before in last.items():
        after, node = this[key], DEMO.by_code[key[1]]
        assert (before == "NA") == (after == "NA")
        if isinstance(before, float) and isinstance(after, float):
            assert node.best is not None
            assert node.worst is not None
            moved.append((after - before) / (node.best - node.worst))
    assert max(abs(x) for x in moved) < 0.3
    assert 0 < sum(moved) / len(moved) < 0.1
    fewer = replace(DEMO, units=DEMO.units[3:5])
    some = demo_values(fewer, seed=7)
    assert some == {key: last[key] for key in some}


def test_values_need_goalposts_or_a_range() -> None:
    nodes = (Node("I", None, "总"), Node("x", "I", "指"))
    bare = Framework("F", "名", units=(Unit("a", "甲"),), nodes=nodes)
    with pytest.raises(ValueError, match="x has neither"):
        demo_values(bare, seed=3)
