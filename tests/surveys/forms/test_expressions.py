"""Expressions are read into trees; what is mechanical is mended and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from surveys.forms.expressions import ExpressionError, parse
from surveys.forms.mechanical import ascii_name, mend_expression, mend_label, mend_name


def shape(text: str) -> str:
    """A tree as text, to compare."""

    def said(node: object) -> str:
        inner = ", ".join(said(part) for part in node.parts)  # type: ignore[attr-defined]
        name = f"{node.kind}:{node.text}" if node.text else node.kind  # type: ignore[attr-defined]
        return f"{name}({inner})" if inner else name

    return said(parse(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("${a} = 'x'", "compare:=(reference:a, literal:x)"),
        ("1 + 2 * 3", "sum:+(number:1, product:*(number:2, number:3))"),
        ("1 - 2 - 3", "sum:-(sum:-(number:1, number:2), number:3)"),
        ("${a} or ${b} and ${c}", "or:or(reference:a, and:and(reference:b, reference:c))"),
        ("a-b", "path:a-b"),
        ("a - b", "sum:-(path:a, path:b)"),
        ("a*b", "product:*(path:a, path:b)"),
        ("* * *", "product:*(path:*, path:*)"),
        ("div div div", "product:div(path:div, path:div)"),
        ("-1", "negate:-(number:1)"),
        (". < 5", "compare:<(path:., number:5)"),
        ("../a", "path:../a"),
        ("/r[position() = 2]/n", "path:/r[position()=2]/n(compare:=(call:position, number:2))"),
        ("instance('x')/root/item[name = ${q}]/label",
         "filtered(call:instance(literal:x), compare:=(path:name, reference:q))"),
        ("selected(${q}, 'x')", "call:selected(reference:q, literal:x)"),
        ("jr:choice-name(${q}, '${q}')", "call:jr:choice-name(reference:q, literal:${q})"),
        ("current()/../a", "filtered(call:current)"),
    ],
)  # fmt: skip
def test_trees(text: str, wanted: str) -> None:
    assert shape(text) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("(${a}", "bracket"),
        ("${a})", "extra-bracket"),
        ("if(1, [2)", "operand"),
        ("'x", "quote"),
        ("${a", "reference"),
        ("1 +", "operand"),
        ("foo(1,)", "operand"),
        ("1 2", "operand"),
        ("‘no’", "sign"),
        ("(" * 80 + "1" + ")" * 80, "deep"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, code: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.code == code
    assert 0 <= caught.value.at <= len(text)


@given(st.text("${}ab ()[]'\"=<>!+-*/.,:and or1２（，“”‘’", max_size=40))
@example("a::b::c")
@example("@")
@example("/[")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except ExpressionError:
        return
    for node in tree.walk():
        assert 0 <= node.start <= node.end <= len(text)


def expressions() -> st.SearchStrategy[str]:
    """Expressions that are right."""
    atoms = st.one_of(
        st.sampled_from(["${a}", "${b}", ".", "true()", "today()"]),
        st.integers(0, 99).map(str),
        st.text("是否，（）“”ab c", max_size=5).map(lambda said: f"'{said}'"),
    )
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from([" = ", " != ", " > ", " + ", " and ", " or "]), inner)
            .map("".join).map(lambda said: f"({said})"),
            inner.map(lambda said: f"not({said})"),
            st.tuples(inner, inner).map(lambda two: f"selected({two[0]}, {two[1]})"),
        ),
        max_leaves=8,
    )  # fmt: skip


@given(expressions())
def test_right_expressions_are_left_as_they_are(text: str) -> None:
    assert mend_expression(text).text == text
    assert mend_expression(text).reasons == {}
    parse(text)


WIDE = {",": "，", "(": "（", ")": "）", "=": "＝", ">": "＞", "{": "｛", "}": "｝"}


@given(expressions(), st.data())
def test_full_width_signs_outside_quotes_come_back(text: str, data: st.DataObject) -> None:
    inside = False
    typed = ""
    for sign in text:
        inside ^= sign == "'"
        wide = not inside and sign in WIDE and data.draw(st.booleans())
        typed += WIDE[sign] if wide else sign
    mended = mend_expression(typed)
    assert mended.text == text
    assert ("full-width" in mended.reasons) == (typed != text)


@given(st.text(max_size=30))
def test_mending_twice_mends_nothing_more(text: str) -> None:
    for mend in (mend_expression, mend_name, mend_label):
        once = mend(text).text
        assert mend(once).text == once


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("${a}=‘no’", "${a}='no'"),
        ("${a} = “it's”", '${a} = "it\'s"'),
        ("${ a } == 1", "${a} = 1"),
        ("${a} ≥ 3", "${a} >= 3"),
        ("concat('（', ${a}, '）')", "concat('（', ${a}, '）')"),
        ("${a} = 'it’s'", "${a} = 'it’s'"),
        ("1 AND 2", "1 and 2"),
    ],
)
def test_mending_by_example(typed: str, wanted: str) -> None:
    assert mend_expression(typed).text == wanted


def test_texts_for_people_keep_their_punctuation() -> None:
    assert mend_label("您好，＄｛a｝（先生）").text == "您好，${a}（先生）"
    assert mend_label("“引用”，就这样。").reasons == {}


def test_names_are_suggested() -> None:
    assert ascii_name("Full Name") == "full_name"
    assert ascii_name("姓名") == ""
