"""Mistakes of the keyboard that can be mended without asking: full-width signs, curly quotes. Pure.

What stands between straight quotes in an expression is text of the author's, and is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from evaluation.platform.i18n import N_

#: Why a cell was mended; ``{signs}`` are the signs that were wrong.
REASONS = {
    "full-width": N_("这里用了全角符号“{signs}”。"),
    "curly": N_("这里用了多余的或弯的引号“{signs}”。"),
    "hidden": N_("这里有看不见的字符。"),
    "spaces": N_("这里前后或大括号里有多余的空格。"),
    "operator": N_("这里用了表单不认识的运算符“{signs}”。"),
}

_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_WIDE |= {
    ord("、"): ",",
    ord("。"): ".",
    ord("【"): "[",
    ord("】"): "]",
    ord("《"): "<",
    ord("》"): ">",
}
_WIDE |= {ord("—"): "-", ord("–"): "-", ord("−"): "-", ord("￥"): "$", ord("×"): "*"}  # fmt: skip
_OPEN = {"‘": "’", "“": "”", "’": "’", "”": "”", "＂": "＂", "＇": "＇", "「": "」", "′": "′"}
_OPERATORS = (
    (re.compile(r"==="), "="), (re.compile(r"==|＝＝"), "="), (re.compile(r"&&"), " and "),
    (re.compile(r"\|\|"), " or "), (re.compile(r"<>"), "!="), (re.compile(r"≠"), "!="),
    (re.compile(r"≥|=>"), ">="), (re.compile(r"≤|=<"), "<="), (re.compile(r"÷"), " div "),
    (re.compile(r"\bAND\b"), "and"), (re.compile(r"\bOR\b"), "or"),
)  # fmt: skip
_REFERENCE = re.compile(r"\$\{\s+([^{}\s]+)\s*\}|\$\{([^{}\s]+)\s+\}")
_IN_LABEL = re.compile(r"([$＄￥])\s*([{｛])\s*([^{}｛｝\s]+)\s*([}｝])")


@dataclass(frozen=True, slots=True)
class Mended:
    """A text as it should be; ``reasons`` maps keys of `REASONS` to the signs that were wrong."""

    text: str
    reasons: dict[str, str]


def mend_name(text: str) -> Mended:
    """A name, a code, a type or a list of names: no full-width signs, no spaces around."""
    reasons: dict[str, str] = {}
    said = _outside(text, reasons)
    curly = [sign for sign in said if sign in "‘’“”"]
    if curly:
        reasons["curly"] = "".join(dict.fromkeys(curly))
        said = re.sub("[‘’“”]", "", said)
    return Mended(_narrow(said, reasons), reasons)


def mend_expression(text: str) -> Mended:
    """An expression: signs outside quotes half-width, quotes straight, operators as XPath's."""
    reasons: dict[str, str] = {}
    said = _outside(text, reasons)
    built: list[str] = []
    at = 0
    plain = ""
    while at < len(said):
        sign = said[at]
        closing = sign if sign in "'\"" else _OPEN.get(sign, "")
        end = _end_of_literal(said, at, closing) if closing else -1
        if end < 0:
            plain += sign
            at += 1
            continue
        built.append(_bare(plain, reasons))
        plain = ""
        inner = said[at + 1 : end]
        if sign in "'\"":
            built.append(said[at : end + 1])
        else:
            reasons["curly"] = "".join(dict.fromkeys(reasons.get("curly", "") + sign + said[end]))
            quote = '"' if "'" in inner else "'"
            built.append(f"{quote}{inner}{quote}")
        at = end + 1
    built.append(_bare(plain, reasons))
    return Mended("".join(built).strip(), reasons)


def mend_label(text: str) -> Mended:
    """A text for people: only the ``${name}`` in it are mended."""
    reasons: dict[str, str] = {}

    def straight(found: re.Match[str]) -> str:
        whole = f"${{{_narrow(found[3], {})}}}"
        if whole != found[0]:
            wide = "".join(sign for sign in (found[1], found[2], found[4]) if not sign.isascii())
            if wide:
                reasons["full-width"] = "".join(dict.fromkeys(reasons.get("full-width", "") + wide))
            else:
                reasons["spaces"] = ""
        return whole

    said = _IN_LABEL.sub(straight, text)
    return Mended(said.strip(), reasons)


def _outside(text: str, reasons: dict[str, str]) -> str:
    said = text.translate(_HIDDEN)
    if said != text:
        reasons["hidden"] = ""
    if said != said.strip():
        reasons["spaces"] = ""
    return said.strip().replace("\u00a0", " ")


def _narrow(text: str, reasons: dict[str, str]) -> str:
    """Full-width signs, letters and digits as half-width ones; inner Chinese is left."""
    wide = [sign for sign in text if ord(sign) in _WIDE or sign == "\u3000"]
    if wide:
        shown = "".join(dict.fromkeys("␣" if sign == "\u3000" else sign for sign in wide))
        reasons["full-width"] = "".join(dict.fromkeys(reasons.get("full-width", "") + shown))
    return text.translate(_WIDE).replace("\u3000", " ")


def _bare(text: str, reasons: dict[str, str]) -> str:
    """A stretch of an expression without literals."""
    said = _narrow(text, reasons)
    for pattern, instead in _OPERATORS:
        found = pattern.findall(said)
        if found:
            signs = reasons.get("operator", "")
            reasons["operator"] = " ".join(dict.fromkeys([*signs.split(), *found]))
            said = pattern.sub(instead, said)
    tight = _REFERENCE.sub(lambda found: f"${{{found[1] or found[2]}}}", said)
    if tight != said:
        reasons["spaces"] = ""
    return tight


def _end_of_literal(text: str, at: int, closing: str) -> int:
    end = text.find(closing, at + 1)
    if end < 0 and closing not in "'\"":
        straight = "'" if closing in "’＇′" else '"'
        end = text.find(straight, at + 1)
    return end


def ascii_name(text: str) -> str:
    """A name near *text* that can be used, or nothing where there is none."""
    said = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    said = re.sub(r"[^A-Za-z0-9_]+", "_", said).strip("_").lower()
    return said if re.fullmatch(r"[a-z_][a-z0-9_]*", said) else ""
