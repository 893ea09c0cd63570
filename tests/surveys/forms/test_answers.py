"""Submissions are read without trusting them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.forms.answers import BadXml, header, read
from surveys.forms.document import FormDocument, Question, Words

DOCUMENT = FormDocument(
    "hall", 1, Words("大厅"), "inspection", "data", ("zh",),
    (
        Question("visit", "/data/visit", "text", 2),
        Question("began", "/data/began", "start", 3),
        Question("a", "/data/a", "text", 4),
        Question("many", "/data/g/many", "select_multiple", 5),
        Question("photo", "/data/g/photo", "image", 6),
        Question("n", "/data/r/n", "integer", 7, repeat="/data/r"),
        Question("voice", "/data/r/voice", "audio", 8, repeat="/data/r"),
        Question("deep", "/data/r/s/deep", "text", 9, repeat="/data/r/s"),
        Question("waited", "/data/waited", "decimal", 10, timer="wait"),
        Question("where", "/data/where", "geopoint", 11),
    ),
    {},
)  # fmt: skip


def xml(body: str, attributes: str = 'id="hall" version="1"') -> bytes:
    return f"<data {attributes}>{body}</data>".encode()


def test_answers_come_in_order_with_their_rows() -> None:
    given_ = read(
        DOCUMENT,
        xml(
            "<visit>ABC</visit><a> x </a><g><many>p q</many><photo>1.jpg</photo></g>"
            "<r><n>1</n><voice/><s><deep>d1</deep></s><s><deep>d2</deep></s></r>"
            "<r><n>2</n><voice>2.m4a</voice></r>"
        ),
    )
    assert [(e.path, e.value, e.index) for e in given_.entries] == [
        ("/data/visit", "ABC", 0),
        ("/data/a", "x", 0),
        ("/data/g/many", "p q", 0),
        ("/data/g/photo", "1.jpg", 0),
        ("/data/r[1]/n", "1", 1),
        ("/data/r[1]/voice", "", 1),
        ("/data/r[1]/s[1]/deep", "d1", 1),
        ("/data/r[1]/s[2]/deep", "d2", 2),
        ("/data/r[2]/n", "2", 2),
        ("/data/r[2]/voice", "2.m4a", 2),
    ]
    assert given_.of("n") == ["1", "2"]
    assert given_.one("n") == "1"
    assert given_.of("nobody") == []
    assert given_.one("nobody") == ""
    assert [(q.name, name) for q, name in given_.files()] == [
        ("photo", "1.jpg"), ("voice", "2.m4a")
    ]  # fmt: skip


def test_what_the_form_does_not_have_is_named() -> None:
    given_ = read(DOCUMENT, xml("<a>1</a><evil>2</evil><g><worse/></g><a>3</a>"))
    assert given_.unknown == ("/data/evil", "/data/g/worse")
    assert given_.repeated == ("/data/a",)
    assert given_.of("a") == ["1"]


@pytest.mark.parametrize(
    "meta",
    [
        "<meta><instanceID>uuid:1</instanceID><deprecatedID>uuid:0</deprecatedID></meta>",
        """<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>uuid:1</orx:instanceID>
           <orx:deprecatedID>uuid:0</orx:deprecatedID></orx:meta>""",
    ],
)
def test_the_header_is_read_before_the_form_is_known(meta: str) -> None:
    found = header(xml(f"<visit>ABC</visit>{meta}"))
    assert (found.form, found.version, found.visit) == ("hall", "1", "ABC")
    assert (found.instance, found.previous) == ("uuid:1", "uuid:0")
    assert read(DOCUMENT, xml(f"<visit>ABC</visit>{meta}")).unknown == ()


def test_names_of_other_namespaces_are_the_same_names() -> None:
    given_ = read(DOCUMENT, xml("<a>1</a>", 'xmlns="http://example.org/hall" id="hall"'))
    assert given_.one("a") == "1"


def test_a_template_row_is_no_row() -> None:
    body = '<r jr:template="" xmlns:jr="http://openrosa.org/javarosa"><n>9</n></r><r><n>1</n></r>'
    assert read(DOCUMENT, xml(body)).of("n") == ["1"]


ENTITIES = b'<!DOCTYPE data [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><data><a>&b;</a></data>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "broken"),
        (b"<data><a>", "broken"),
        (b"not xml", "broken"),
        (b"<data>&nobody;</data>", "broken"),
        (b"<other/>", "root"),
        (ENTITIES, "doctype"),
        (b'<!DOCTYPE data SYSTEM "http://127.0.0.1:1/x"><data/>', "doctype"),
        ('<?xml version="1.0" encoding="utf-16"?><data/>'.encode("utf-16"), "encoding"),
        ("<data><a>\u4e2d</a></data>".encode("gb18030"), "encoding"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?><data><a>x</a></data>', "encoding"),
        (b"<data>" + b"<g>" * 40 + b"</g>" * 40 + b"</data>", "too-deep"),
        (b"<data>" + b"<a/>" * 20_001 + b"</data>", "too-deep"),
        (b"<data><a>" + b"x" * (2 * 2**20) + b"</a></data>", "too-large"),
    ],
)
def test_hostile_xml_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(BadXml) as caught:
        read(DOCUMENT, content)
    assert caught.value.facts["reason"] == reason
    assert caught.value.explain()


def test_look_alikes_have_the_same_digest() -> None:
    one = xml("<visit>ABC</visit><began>2026-01-01T10:00:00Z</began><a>x</a><g><many>p q</many>"
              "<photo>1.jpg</photo></g><waited>3.5</waited><where>36 103 0 5</where>")  # fmt: skip
    two = xml("<visit>XYZ</visit><began>2026-02-02T10:00:00Z</began><a>x</a><g><many>q p</many>"
              "<photo>2.jpg</photo></g><waited>9</waited><where>37 104 0 5</where>")  # fmt: skip
    other = xml("<visit>ABC</visit><a>y</a><g><many>p q</many></g>")
    assert read(DOCUMENT, one).digest() == read(DOCUMENT, two).digest()
    assert read(DOCUMENT, one).digest() != read(DOCUMENT, other).digest()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(BadXml):
        assert read(DOCUMENT, content).entries is not None


@given(
    st.recursive(
        st.text("abc", max_size=3),
        lambda inner: st.lists(st.tuples(st.sampled_from(["a", "g", "r", "n", "x"]), inner),
                               max_size=4),
        max_leaves=20,
    )
)  # fmt: skip
def test_every_element_is_an_answer_a_group_or_named(tree: object) -> None:
    def said(node: object) -> str:
        if isinstance(node, str):
            return node
        assert isinstance(node, list)
        return "".join(f"<{name}>{said(inner)}</{name}>" for name, inner in node)

    given_ = read(DOCUMENT, xml(said(tree)))
    paths = [entry.path for entry in given_.entries]
    assert len(paths) == len(set(paths))
