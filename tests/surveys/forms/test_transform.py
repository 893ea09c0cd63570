"""An XForm becomes a page: what the engine needs is there, and nothing that could run."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree, html

from surveys.forms import transform
from surveys.forms.page_parts import tag
from surveys.forms.transform import AssetsNotBuilt, NotAnXForm, to_page
from tests.browser.forms.form_page import xform

CHOICES = ("yn | yes | 是 | Yes | a", "yn | no | 否 | No | b")


def page(*survey: str, settings: str = "") -> html.HtmlElement:
    """The form element of a page."""
    return html.fromstring(to_page(xform(survey, CHOICES, settings)).form)


def only(form: html.HtmlElement, path: str) -> html.HtmlElement:
    (found,) = form.xpath(path)
    return found


def texts(element: html.HtmlElement, name: str) -> dict[str, str]:
    """What a question says, by language."""
    return {
        each.get("lang"): each.text_content().strip()
        for each in element.xpath(f".//span[contains(@class, '{name}')]")
    }


def test_a_question_is_labelled_in_both_languages() -> None:
    form = page("text | q | 问题 | Question | hint::中文 (zh)=提示 | hint::English (en)=Hint")
    question = only(form, "//div[.//input[@name='/data/q']]")
    assert texts(question, "question-label") == {"zh": "问题", "en": "Question"}
    assert texts(question, "or-hint") == {"zh": "提示", "en": "Hint"}
    assert only(question, ".//label").get("class") == "question-head"
    assert [each.get("value") for each in form.xpath("//select[@id]/option")] == ["zh", "en"]
    assert only(form, "//select[@id]").get("data-default-lang") == "zh"


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("中文 (zh)", "zh"),
        ("English (en)", "en"),
        ("Traditional (zh-Hant)", "zh-Hant"),
        ("zh", "zh"),
    ],
)
def test_language_tags(written: str, held: str) -> None:
    assert tag(written) == held


def test_lists_that_never_change_are_written_out_and_others_stay_open() -> None:
    form = page(
        "select_one yn | whole | 全部 | Whole",
        "select_one yn | part | 部分 | Part | choice_filter=filter = ${visit}",
    )
    whole = form.xpath("//input[@data-name='/data/whole']")
    assert [each.get("value") for each in whole] == ["yes", "no"]
    assert texts(whole[0].getparent(), "option-label") == {"zh": "是", "en": "Yes"}
    part = only(form, "//label[@data-items-path]")
    assert part.get("data-items-path") == "instance('yn')/root/item[filter =  /data/visit ]"
    assert len(part.getparent().xpath("span[@class='itemset-labels']/span")) == 4


def test_lists_on_a_phone_are_its_own() -> None:
    form = page(
        "select_one yn | one | 一 | One | appearance=autocomplete",
        "select_multiple yn | many | 多 | Many | appearance=minimal",
    )
    values = only(form, "//select[@name='/data/one']").xpath("option/@value")
    assert values == ["", "yes", "no"]
    assert len(form.xpath("//input[@type='checkbox'][@name='/data/many']")) == 2
    assert form.xpath("//datalist") == []


@pytest.mark.parametrize(
    ("row", "widget"),
    [
        ("image | q | 照片 | Photo", "photo"),
        ("image | q | 签名 | Signature | appearance=signature", "signature"),
        ("image | q | 画 | Draw | appearance=draw", "signature"),
        ("audio | q | 录音 | Audio", "audio"),
        ("video | q | 录像 | Video", "video"),
        ("file | q | 文件 | File", "file"),
        ("geopoint | q | 位置 | Position", "position"),
        ("range | q | 打分 | Mark | parameters=start=0 end=5 step=1", "range"),
        ("rank yn | q | 排序 | Order", "rank"),
    ],
)
def test_what_a_widget_draws_is_held_in_a_hidden_field(row: str, widget: str) -> None:
    question = only(page(row), "//*[@data-widget]")
    assert question.get("data-widget") == widget
    control = question.xpath(".//input[@name='/data/q']")[0]
    assert (control.get("type"), control.get("hidden")) == ("text", "hidden")


@pytest.mark.parametrize(("kind", "mode"), [("integer", "numeric"), ("decimal", "decimal")])
def test_numbers_are_typed_as_text(kind: str, mode: str) -> None:
    control = only(page(f"{kind} | q | 数 | Number"), "//input[@name='/data/q']")
    assert (control.get("type"), control.get("inputmode")) == ("text", mode)


def test_what_is_hidden_says_so_without_a_style() -> None:
    form = page("calculate | c | | | calculation=1 + 1", "text | q | 问 | Q")
    assert form.xpath("//@style") == []
    assert only(form, "//fieldset[@id='or-calculated-items']").get("hidden") is not None
    assert "or-visit" in only(form, "//div[.//input[@name='/data/visit']]").get("class")


def test_a_condition_of_a_calculation_stands_inside_it() -> None:
    form = page(
        "integer | n | 数 | N", "calculate | c | | | calculation=${n} * 2 | relevant=${n} > 1"
    )
    control = only(form, "//input[@name='/data/c']")
    assert control.get("data-relevant") is None
    assert control.get("data-calculate") == "if( /data/n  > 1,  /data/n  * 2, '')"


def test_pages_are_a_note_for_our_own_pager() -> None:
    assert "in-pages" in page("text | q | 问 | Q", settings="pages").classes
    assert "in-pages" not in page("text | q | 问 | Q").classes


def test_groups_stand_below_the_pages_title() -> None:
    form = page(
        "begin_group | one | 外 | Outer",
        "begin_group | two | 内 | Inner",
        "text | q | 问 | Q",
        "end_group | |",
        "end_group | |",
    )
    assert texts(only(form, "//h2"), "question-label")["zh"] == "外"
    assert texts(only(form, "//h3"), "question-label")["zh"] == "内"


def test_emphasis_and_bullets_are_all_the_markup_there_is() -> None:
    form = page("text | q | **必须**是*当天*，2 * 3 = 6，a_b_c # x <b>y</b> | Q")
    label = form.xpath("//div[.//input[@name='/data/q']]//span[@lang='zh']")[0]
    assert label.text_content() == "必须是当天，2 * 3 = 6，a_b_c # x <b>y</b>"
    assert [each.tag for each in label] == ["strong", "em"]


def test_lines_and_bullets() -> None:
    made = xform(("text | q | 甲 | Q",)).replace(
        "<value>甲</value>", "<value>先\n- 一\n* 二 <output value=' /data/visit '/> 后\n三</value>"
    )
    form = html.fromstring(to_page(made).form)
    label = form.xpath("//div[.//input[@name='/data/q']]//span[@lang='zh']")[0]
    assert [each.tag for each in label] == ["br", "br", "span", "br"]
    assert "".join(label.itertext()).split() == ["先•", "一•", "二", "后三"]


HOSTILE = [
    ("<h:title>测试表</h:title>", "<h:title><script>a()</script></h:title>"),
    ("<h:body>", '<h:body class="x&quot; onload=&quot;a()" style="a" onclick="a()">'),
    ('<input ref="/data/q">', '<input ref="/data/q" appearance="x&quot;onx=&quot;1 multiline">'),
    ("<value>问</value>", "<value>&lt;script&gt;a()&lt;/script&gt;</value>"),
    ("<value>问</value>", '<value form="image">javascript:a()</value>'),
    ("<value>问</value>", '<value form="image">jr://images/../../x.png</value>'),
    ("<value>问</value>", '<value form="image">https://elsewhere.example/x.png</value>'),
    ("<value>问</value>", '<value form="big-image">data:text/html,x</value>'),
    ("<instance>", '<submission action="https://elsewhere.example/" method="post"/><instance>'),
]


@pytest.mark.parametrize(("was", "becomes"), HOSTILE)
def test_nothing_runs_and_nothing_is_fetched(was: str, becomes: str) -> None:
    source = xform(("text | q | 问 | Q",))
    assert was in source
    form = html.fromstring(to_page(source.replace(was, becomes)).form)
    for element in form.iter():
        assert element.tag not in ("script", "iframe", "svg", "object", "style", "a")
        for name, said in element.attrib.items():
            assert not name.startswith("on")
            assert name not in ("style", "src", "href", "action", "formaction", "srcset")
            assert name in ("class", "data-itext-id") or "javascript:" not in said
    assert form.xpath("//@data-media") == []


@pytest.mark.parametrize("appearance", ["", " | appearance=minimal"])
def test_a_choice_is_written_as_text(appearance: str) -> None:
    source = xform((f"select_one yn | q | 问 | Q{appearance}",), CHOICES)
    hostile = "&quot;&gt;&lt;script&gt;a()&lt;/script&gt;"
    for was in ("<name>yes</name>", "<value>是</value>"):
        assert was in source
        source = source.replace(was, was.replace("yes", hostile).replace("是", hostile))
    form = html.fromstring(to_page(source).form)
    assert form.xpath("//script") == []
    values = form.xpath("//input[@data-name]/@value | //select[@name]/option/@value")
    assert '"><script>a()</script>' in values


def test_a_choice_with_a_picture_is_left_to_the_style_sheets() -> None:
    source = xform(("select_one yn | q | 问 | Q",), CHOICES).replace(
        "<value>是</value>", '<value>是</value><value form="image">jr://images/a.png</value>'
    )
    form = html.fromstring(to_page(source).form)
    assert form.xpath("//input[@data-name]/@value") == ["yes", "no"]
    assert form.xpath("//label/img/@data-media") == ["a.png"]


def test_a_picture_is_named_and_the_host_finds_it() -> None:
    source = xform(("text | q | 问 | Q",)).replace(
        "<value>问</value>", '<value>问</value><value form="image">jr://images/门.png</value>'
    )
    form = html.fromstring(to_page(source).form)
    assert form.xpath("//img/@data-media") == ["门.png"]
    assert form.xpath("//@src") == []


@pytest.mark.parametrize(
    "given",
    [
        "",
        "/etc/passwd",
        "<data/>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
        "<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head/></h:html>",
    ],
)
def test_what_is_no_form_is_refused(given: str) -> None:
    with pytest.raises(NotAnXForm):
        to_page(given)


def test_the_model_has_every_list_and_the_empty_record() -> None:
    model = etree.fromstring(to_page(xform(("select_one yn | q | 问 | Q",), CHOICES)).model)
    names = {"x": "http://www.w3.org/2002/xforms"}
    assert model.tag == "{http://www.w3.org/2002/xforms}model"
    record = model.find("x:instance/x:data", names)
    assert [etree.QName(each).localname for each in record] == ["visit", "q", "meta"]
    assert len(model.findall("x:instance[@id='yn']/x:root/x:item", names)) == 2


def test_without_assets_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(transform, "DIST", tmp_path)
    transform._sheet.cache_clear()
    with pytest.raises(AssetsNotBuilt, match="build_assets"):
        to_page(xform(("text | q | 问 | Q",)))
    transform._sheet.cache_clear()
