"""The main job on real input: the 2021 HDI goes in by workbook and comes out as published.

191 countries stand for cities; three dimensions, one of them of two indicators; the index is a
geometric mean rounded to three decimals before ranking. Every step is taken on the web, by the
person whose step it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from evaluation.framework.tree import Framework, Node, Unit
from evaluation.framework.workbook import export_framework
from tests.conftest import Browser

GOLDEN = Path(__file__).parent / "golden" / "published" / "hdi2021_raw_published_recomputed.csv"
COLUMNS = {"le": "le_2021", "eys": "eys_2021", "mys": "mys_2021", "gni": "gnipc_2021"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def countries() -> list[dict[str, str]]:
    """The published table; only countries with a published rank."""
    with GOLDEN.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["hdi_rank_2021"]]


def hdi(countries: list[dict[str, str]]) -> Framework:
    """The framework of the HDI technical notes: goalposts, means and rounding."""
    posts = {"methods": ("basic_data",)}
    return Framework(
        code="HDI",
        name="人类发展指数",
        name_en="Human Development Index",
        edition="2021",
        units=tuple(Unit(row["iso3"], row["country"], row["country"]) for row in countries),
        nodes=(
            Node("hdi", None, "人类发展指数", "HDI"),
            Node("health", "hdi", "健康", "Health"),
            Node("education", "hdi", "教育", "Education"),
            Node("income", "hdi", "收入", "Income"),
            Node("le", "health", "预期寿命", "Life expectancy", best=85, worst=20, **posts),
            Node("eys", "education", "预期受教育年限", "Expected", best=18, worst=0, **posts),
            Node("mys", "education", "平均受教育年限", "Mean", best=15, worst=0, **posts),
            Node(
                "gni",
                "income",
                "人均国民收入",
                "Income",
                best=75000,
                worst=100,
                transform="ln",
                **posts,
            ),
        ),
        method={
            "normalise": {"method": "goalposts", "lower": 0, "upper": 1},
            "aggregate": {"levels": ["arithmetic", "geometric"]},
            "rank": {"ties": "min", "decimals": 3},
        },
    )


def values(countries: list[dict[str, str]]) -> bytes:
    """The raw values as the province-wide workbook: a row a unit, a column an indicator."""
    book = Workbook()
    sheet = book.active
    sheet.append(["city", *COLUMNS])
    for row in countries:
        sheet.append([row["iso3"], *(float(row[column]) for column in COLUMNS.values())])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def form_fields(page: str) -> dict[str, str]:
    """Hidden fields of the forms of a page."""
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    found = {}
    for field in fields:
        name = re.search(r'name="([^"]*)"', field)
        value = re.search(r'value="([^"]*)"', field)
        if name and value:
            found[name[1]] = value[1]
    return found


def test_the_published_ranks_come_out_of_the_web(
    countries: list[dict[str, str]], sign_in_as: Callable[..., Browser]
) -> None:
    office, second, leader = sign_in_as("office"), sign_in_as("office"), sign_in_as("leader")

    framework = {"file": ("hdi.xlsx", export_framework(hdi(countries)), XLSX)}
    imported = office.post("/frameworks/import", files=framework)
    assert imported.status_code == 303, imported.text

    opened = office.post(
        "/rounds/new",
        data={
            "code": "2021",
            "name": "2021",
            "kind": "annual",
            "framework": "HDI@1",
            "opens": "2026-01-01",
            "closes": "2099-12-31",
            "disclosure": "own",
        },
    )
    assert opened.status_code == 303, opened.text
    step(office, "collecting")

    upload = {"file": ("values.xlsx", values(countries), XLSX)}
    sent = office.post(
        "/rounds/2021/observations/uploads", data={"method": "basic_data"}, files=upload
    )
    assert sent.status_code == 303, sent.text
    preview = sent.headers["location"]
    page = office.get(preview)
    assert page.status_code == 200
    committed = office.post(preview, data=form_fields(page.text))
    assert committed.status_code == 303, committed.text

    step(office, "verifying")
    assert office.post("/rounds/2021/scoring/run").status_code == 303
    assert office.post("/rounds/2021/scoring/confirm").status_code == 303
    step(office, "objection")
    assert leader.get("/rounds/2021/ranking").status_code == 404
    approval = {"run": "1"}
    assert office.post("/rounds/2021/scoring/approve", data=approval).status_code == 409
    agreed = {"all": "1", "reference": "联席会议纪要"}
    assert office.post("/rounds/2021/objections/consents", data=agreed).status_code == 303
    assert office.post("/rounds/2021/scoring/approve", data=approval).status_code == 303
    assert office.post("/rounds/2021/scoring/publish").status_code == 409
    assert leader.get("/rounds/2021/ranking.xlsx").status_code == 404
    assert second.post("/rounds/2021/scoring/publish").status_code == 303

    published = {row["iso3"]: int(float(row["hdi_rank_2021"])) for row in countries}
    scores = {row["iso3"]: float(row["hdi_2021"]) for row in countries}
    body = leader.get("/api/rounds/2021/ranking").json()
    assert {each["code"]: each["rank"] for each in body["units"]} == published
    for each in body["units"]:
        assert each["score"] == pytest.approx(scores[each["code"]], abs=5.1e-4)
    assert ranks_on_page(leader.get("/rounds/2021/ranking").text) == published
    assert (
        ranks_in_workbook(leader.get("/rounds/2021/ranking.xlsx").content, countries) == published
    )


def step(office: Browser, target: str) -> None:
    """Take a step of the round."""
    moved = office.post("/rounds/2021/steps", data={"target": target})
    assert moved.status_code == 303, moved.text


def ranks_on_page(page: str) -> dict[str, int]:
    """City code and rank of every row of the ranking page."""
    found = {}
    for row in re.findall(r"<tr[^>]*>.*?</tr>", page, re.DOTALL):
        city = re.search(r"/rounds/2021/cities/([A-Z]{3})", row)
        rank = re.search(r'<td class="[^"]*\brank\b[^"]*"[^>]*>\D*?(\d+)', row)
        if city and rank:
            found[city[1]] = int(rank[1])
    return found


def ranks_in_workbook(content: bytes, countries: list[dict[str, str]]) -> dict[str, int]:
    """City code and rank as the first sheet of the workbook has them."""
    codes = {row["country"]: row["iso3"] for row in countries}
    sheet = load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    header = next(row for row in rows if "排名" in row)
    rank, name = header.index("排名"), header.index("参评单位")
    return {codes[row[name]]: int(row[rank]) for row in rows if row[name] in codes}
