"""Files as people hand them in, scored or refused."""

from __future__ import annotations

import re

import pytest

from evaluation.platform.errors import Faulty
from evaluation.platform.i18n import use_locale
from scoring.standalone import score_files


def files(folder, framework, values, method=None):
    """The three paths, of texts or bytes; None for a method that is not given."""
    given = (("f.csv", framework), ("v.csv", values), ("m.toml", method))
    return [None if text is None else write(folder / name, text) for name, text in given]


def write(path, text):
    """The path, with the text or the bytes in it."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(folder, *given):
    """Place and code of every fault, each with words in both languages."""
    with pytest.raises(Faulty) as error:
        score_files(*files(folder, *given))
    for fault in error.value.faults:
        with use_locale("zh"):
            assert "{" not in str(fault)
        with use_locale("en"):
            said = f"{fault.explain()} {fault.remedy()}"
        for fact in fault.facts.values():
            said = said.replace(str(fact), "")
        assert not re.search("[\u4e00-\u9fff{]", said), said
    return {(fault.file, fault.row, fault.column, fault.code) for fault in error.value.faults}
