"""What-if pages: true numbers, an honest no, bad input told in place, and nothing is stored."""

from __future__ import annotations

import hashlib
import io
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from evaluation.accounts import roles
from evaluation.platform.database import Database
from evaluation.platform.evidence import EvidenceStore
from tests.factories.province import small_framework
from tests.reports.web.conftest import Reader, sign_in_as  # noqa: F401
from tests.scoring.runs.results import SMALL, published_round, scored_round

Enter = Callable[..., Reader]
VALUES = {**SMALL, ("C3", "I1"): 9.0, ("C2", "I1"): 12.0}
QUESTIONS = (
    "/whatif",
    "/whatif?city=C2",
    "/whatif?city=C2&aim=zone-best&all=1",
    "/whatif?city=C2&reach=1&by=province-best&e.I1=3",
    "/whatif.xlsx?city=C2&reach=1",
    "/weights?w.D1=10",
    "/weights.json?w.D1=10",
)
WRONG = (
    ("/whatif?city=NOWHERE", "没有“NOWHERE”这个参评单位"),
    ("/whatif?city=C2&reach=99", "没有第 99 名"),
    ("/whatif?city=C2&reach=0", "没有第 0 名"),
    ("/whatif?city=C2&reach=abc", "没有第 abc 名"),
    ("/whatif?city=C4&reach=1", "不参与排名"),
    ("/whatif?city=C2&aim=moon", "没有“moon”这种目标"),
    ("/whatif?city=C2&reach=1&e.I1=0", "投入应大于 0"),
    ("/whatif?city=C2&reach=1&e.I1=nan", "投入应大于 0"),
    ("/whatif?city=C2&reach=1&e.NO=2", "框架里没有指标“NO”"),
    ("/weights?w.D1=0&w.D2=0", "权重全是 0"),
    ("/weights?w.D1=-3", "应在 0 到 1000 之间"),
    ("/weights?w.D1=1e308", "应在 0 到 1000 之间"),
    ("/weights?w.D1=NaN", "应填数字"),
    ("/weights?w.D1=inf", "应填数字"),
    ("/weights?w.I1=3", "“I1”不是一级指标"),
)


@pytest.fixture
def leader(
    sign_in_as: Enter,  # noqa: F811
    database: Database,
    evidence_store: EvidenceStore,
) -> Reader:
    with database.writing() as session:
        published_round(session, evidence_store, values=VALUES)
    return sign_in_as(roles.LEADER)


def rows_of(page: str, table: str) -> list[str]:
    """The lines of the table of a class, as plain text."""
    start = page.index(table)
    body = page[page.index("<tbody>", start) : page.index("</tbody>", start)]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def stored(database: Database, folder: Path) -> tuple[Any, ...]:
    """Everything there is: every row of every table but sign-ins, and every file."""
    rows = []
    with database.engine.connect() as connection:
        metadata = sa.MetaData()
        metadata.reflect(connection)
        for name, table in sorted(metadata.tables.items()):
            held = sorted(repr(row) for row in connection.execute(sa.select(table)))
            rows.append((name, held))
    files = sorted(
        (path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in (folder / "evidence").rglob("*")
        if path.is_file()
    )
    return rows, files


def test_nothing_is_stored_by_any_question(
    leader: Reader, database: Database, evidence_store: EvidenceStore, tmp_path: Path
) -> None:
    before = stored(database, tmp_path)
    for path in (*QUESTIONS, *(path for path, _ in WRONG)):
        assert leader.get(f"/rounds/R1{path}").status_code in (200, 422), path
    assert stored(database, tmp_path) == before
    assert any(name == "runs" and held for name, held in before[0])


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestPages:
    def test_a_gain_is_the_scoring_with_that_value(self, leader: Reader) -> None:
        page = leader.get("/rounds/R1/whatif?city=C2&all=1").text
        assert "假设分析，不是评价结果" in page
        lines = rows_of(page, "whatif-gains")
        (start,) = [line for line in lines if line.startswith("开办时间") and "全省最好" in line]
        # 12 → 2 working days on a scale from 20 to 0: 50 points of a third of 0.6
        assert "全省最好：甲市" in start
        assert "12 工作日 2 工作日" in start
        assert "上升 10.00" in start
        (target,) = [line for line in lines if "目标值" in line]
        assert target.startswith("网办率")
        assert "70 % 98 %" in target
        assert f"上升 {28 * 0.6 / 3:.2f}" in target

    def test_the_sentence_says_the_largest(self, leader: Reader) -> None:
        page = leader.get("/rounds/R1/whatif?city=C2&aim=province-best").text
        said = re.search(r'class="whatif-said"><strong>(.*?)</strong>', page)
        assert said
        lines = rows_of(page, "whatif-gains")
        assert lines[0].split()[0] in said[1]
        assert "得分 +10.00，名次 3 → 2" in said[1]
        assert "90% 区间" in said[1]

    def test_without_a_city_one_is_chosen(self, leader: Reader) -> None:
        page = leader.get("/rounds/R1/whatif").text
        for city in ("C1", "C2", "C3", "C4"):
            assert f'href="/rounds/R1/whatif?city={city}"' in page

    def test_the_cheapest_way_is_found_and_an_impossible_one_is_told(self, leader: Reader) -> None:
        page = leader.get("/rounds/R1/whatif?city=C2&reach=2&by=province-best").text
        assert "做到下面 1 项，名次 3 → 2" in page
        assert "已证明没有投入更少的组合" in page
        page = leader.get("/rounds/R1/whatif?city=C2&reach=1&by=target").text
        assert "只靠这些目标到不了第 1 名：全部 1 项都做到" in page
        page = leader.get("/rounds/R1/whatif?city=C1&reach=2").text
        assert "现在是第 1 名，已在第 2 名以内" in page

    def test_effort_turns_the_choice(self, leader: Reader) -> None:
        address = "/rounds/R1/whatif?city=C2&reach=2&by=province-best"
        usual = leader.get(address).text
        (first,) = rows_of(usual[usual.index('id="way"') :], "cards")
        codes = {node.name: node.code for node in small_framework().nodes}
        code = codes[first.split()[1]]
        dear = leader.get(f"{address}&e.{code}=50").text
        again = rows_of(dear[dear.index('id="way"') :], "cards")
        assert first.split()[1] not in " ".join(again)
        assert "已改 1 项" in dear

    def test_weights_rank_at_once_and_the_address_carries_them(self, leader: Reader) -> None:
        plain = leader.get("/rounds/R1/weights.json").json()
        assert plain["moved"] is False
        assert all(each["rank"] == each["was"] for each in plain["cities"])
        assert plain["shares"] == pytest.approx({"D1": 0.6, "D2": 0.4})
        body = leader.get("/rounds/R1/weights.json?w.D1=0").json()
        assert body["shares"] == {"D1": 0, "D2": 1}
        ranks = {each["code"]: each["rank"] for each in body["cities"]}
        assert ranks["C2"] == ranks["C3"] == 2  # level on the second dimension
        assert ranks["C4"] is None
        page = leader.get("/rounds/R1/weights?w.D1=0").text
        assert rows_of(page, "weights-table") == rows_of(body["html"], "weights-table")
        assert 'name="w.D1" value="0"' in page
        assert body["sentence"] in page

    def test_a_form_that_sends_what_it_was_shown_moves_nothing(self, leader: Reader) -> None:
        page = leader.get("/rounds/R1/weights").text
        fields = re.findall(r'name="(w\.\w+)" value="([^"]+)"', page)
        assert len(fields) == 2
        query = "&".join(f"{name}={value}" for name, value in fields)
        assert leader.get(f"/rounds/R1/weights.json?{query}").json()["moved"] is False

    @pytest.mark.parametrize(("path", "said"), WRONG)
    def test_bad_input_is_told_in_place(self, leader: Reader, path: str, said: str) -> None:
        answer = leader.get(f"/rounds/R1{path}")
        assert answer.status_code == 422
        assert said in answer.text
        assert "error-summary" in answer.text
        for row in re.findall(r"<td[^>]*>(.*?)</td>", answer.text):
            assert "nan" not in row.lower()
        if path.startswith("/weights?"):
            program = leader.get(f"/rounds/R1{path}".replace("weights?", "weights.json?"),
                                 headers={"accept": "application/json"})  # fmt: skip
            assert program.status_code == 422
            assert said in program.json()["errors"][0]["what"]

    def test_a_script_in_the_address_is_inert(self, leader: Reader) -> None:
        for path in ("/whatif?city=", "/whatif?city=C2&reach=", "/weights?w.D1=", "/weights?w."):
            text = leader.get(f"/rounds/R1{path}<script>x</script>").text
            assert "<script>x" not in text

    @given(text=st.text(max_size=12), field=st.sampled_from(["reach", "e.I1", "w.D1", "aim"]))
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_whatever_is_typed_is_answered(self, leader: Reader, text: str, field: str) -> None:
        page = "weights" if field.startswith("w.") else "whatif"
        text = text.encode("utf-8", "replace").decode()
        params = {"city": "C2", field: text}
        answer = leader.get(f"/rounds/R1/{page}", params=params)
        assert answer.status_code in (200, 422)

    def test_the_workbook_says_on_every_sheet_that_it_is_hypothetical(self, leader: Reader) -> None:
        answer = leader.get("/rounds/R1/whatif.xlsx?city=C2&reach=2")
        assert "whatif-R1-C2.xlsx" in answer.headers["content-disposition"]
        book = load_workbook(io.BytesIO(answer.content))
        assert len(book.sheetnames) == 2
        for sheet in book:
            assert "假设分析，不是评价结果" in str(sheet.cell(1, 1).value)
        values = [cell.value for row in book.worksheets[0] for cell in row]
        assert "上升的可能性（%）" in values
        assert 12 in values

    def test_the_way_in_is_on_the_ranking_the_city_and_a_leaders_home(self, leader: Reader) -> None:
        assert 'href="/rounds/R1/whatif"' in leader.get("/rounds/R1/ranking").text
        assert 'href="/rounds/R1/whatif?city=C2"' in leader.get("/rounds/R1/cities/C2").text
        assert 'href="/rounds/R1/whatif"' in leader.get("/").text

    def test_relative_scales_copeland_and_computed_weights_are_explained(
        self,
        sign_in_as: Enter,  # noqa: F811
        database: Database,
        evidence_store: EvidenceStore,
    ) -> None:
        methods = {
            "MM": {"normalise": {"method": "minmax"}},
            "CO": {"aggregate": {"method": "copeland"}},
            "EN": {"weights": {"method": "equal"}},
        }
        with database.writing() as session:
            for code, method in methods.items():
                framework = small_framework(code=f"F{code}", method=method)
                published_round(
                    session, evidence_store, code=code, framework=framework, values=VALUES
                )
        someone = sign_in_as(roles.AUDITOR)
        page = someone.get("/rounds/MM/whatif?city=C2").text
        assert "其他单位的得分也会变" in page
        assert "按两两比较的胜负排名" in someone.get("/rounds/CO/weights").text
        page = someone.get("/rounds/EN/weights").text
        assert "权重是算出来的" in page
        assert 'name="w.D1" value="50"' in page
        for code in methods:
            moved = someone.get(f"/rounds/{code}/weights.json?w.D1=90").json()
            for each in moved["cities"]:
                assert each["rank"] is None or math.isfinite(each["rank"])
            assert someone.get(f"/rounds/{code}/whatif?city=C3&reach=1").status_code == 200


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestWhoMayAsk:
    @pytest.mark.parametrize("role", [roles.CLERK, roles.APPROVER])
    @pytest.mark.parametrize("disclosure", ["own", "full"])
    def test_a_city_asks_about_itself_where_everything_is_disclosed(
        self,
        sign_in_as: Enter,  # noqa: F811
        database: Database,
        evidence_store: EvidenceStore,
        role: str,
        disclosure: str,
    ) -> None:
        with database.writing() as session:
            published_round(session, evidence_store, values=VALUES, disclosure=disclosure)
        clerk = sign_in_as(role, cities=["C2"])
        full = disclosure == "full"
        for path in ("/whatif", *QUESTIONS):
            status = clerk.get(f"/rounds/R1{path}").status_code
            assert status == (200 if full else 404), path
        nobody = clerk.get("/rounds/R1/whatif?city=NOWHERE")
        other = clerk.get("/rounds/R1/whatif?city=C1")
        assert nobody.status_code == other.status_code == 404
        assert nobody.text.replace("NOWHERE", "") == other.text.replace("C1", "")
        home = clerk.get("/rounds/R1/ranking").text
        assert ("/rounds/R1/whatif" in home) is full
        own, others = (clerk.get(f"/rounds/R1/cities/{city}").text for city in ("C2", "C1"))
        assert ("/whatif?city=C2" in own) is full
        assert "/whatif?city=" not in others

    def test_before_publication_only_who_sees_unpublished_results(
        self,
        sign_in_as: Enter,  # noqa: F811
        database: Database,
        evidence_store: EvidenceStore,
    ) -> None:
        with database.writing() as session:
            scored_round(session, evidence_store, values=VALUES, disclosure="full")
        for role in roles.ROLES:
            reader = sign_in_as(role, cities=["C2"] if role in roles.OF_A_CITY else [])
            expected = 200 if role in roles.BEFORE_PUBLICATION else 404
            for path in QUESTIONS:
                for run in ("", f"{'&' if '?' in path else '?'}run=1"):
                    answer = reader.get(f"/rounds/R1{path}{run}")
                    assert answer.status_code == expected, (role, path)
        office = sign_in_as(roles.OFFICE)
        assert "/whatif?city=C2&amp;run=1" in office.get("/rounds/R1/whatif?run=1").text
