"""Converted forms pass ODK Validate, the program that JavaRosa's own developers check with."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import pyxform

from surveys.forms.doctor import examine
from tests.surveys.forms.workbooks import CHOICE_HEADERS, GOOD, YES_NO, q, workbook

JAR = Path(pyxform.__file__).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
LIBRARY = sorted((Path(__file__).parents[3] / "surveys" / "forms" / "library").glob("*.xlsx"))
EVERYTHING = workbook(
    q("start", "began"),
    q("end", "ended"),
    q("today", "day"),
    q("text", "t", required="yes", hint="提示"),
    q("integer", "n", constraint=". >= 0 and . <= 600", message="0–600", message_en="0–600"),
    q("decimal", "d"),
    q("range", "scale", parameters="start=1 end=5 step=1"),
    q("select_one yes_no", "s", appearance="minimal"),
    q("select_multiple yes_no", "m", constraint="not(selected(., 'no') and count-selected(.) > 1)",
      message="互斥", message_en="exclusive"),
    q("rank yes_no", "order"),
    q("select_one yes_no", "filtered", choice_filter="big = ${s}"),
    q("date", "date1", constraint=". <= today()", message="未来", message_en="future"),
    q("time", "time1"),
    q("dateTime", "moment1"),
    q("image", "photo", relevant="${s} = 'yes'"),
    q("signature", "signed"),
    q("audio", "voice"),
    q("video", "film"),
    q("file", "paper"),
    q("geopoint", "place"),
    q("geotrace", "way"),
    q("geoshape", "area1"),
    q("barcode", "code"),
    q("acknowledge", "ok"),
    q("note", "said", label="您答了 ${n}", label_en="You said ${n}"),
    q("begin group", "g", appearance="field-list", relevant="${n} > 3"),
    q("text", "inside"),
    q("end group", ""),
    q("begin repeat", "r", repeat_count="${n}"),
    q("text", "row"),
    q("calculate", "at", calculation="position(..)"),
    q("end repeat", ""),
    q("calculate", "rows", calculation="count(${r})"),
    q("calculate", "minutes", calculation=(
        "round((decimal-date-time(${ended}) - decimal-date-time(${began})) * 24 * 60, 1)")),
    choices=[(*row, "yes") for row in YES_NO],
    choice_headers=(*CHOICE_HEADERS, "big"),
)  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [pytest.param(GOOD, id="small"), pytest.param(EVERYTHING, id="every kind of question"),
     *(pytest.param(path.read_bytes(), id=path.stem) for path in LIBRARY)],
)  # fmt: skip
def test_odk_validate_finds_nothing(content: bytes, tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None:
        pytest.skip("there is no Java here to run ODK Validate with")
    said = examine(content, "x.xlsx")
    assert said.draft is not None, [str(fault) for fault in said.errors]
    path = tmp_path / "form.xml"
    path.write_text(said.draft.xform, encoding="utf-8")
    found = subprocess.run(
        [java, "-jar", str(JAR), str(path)],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr
