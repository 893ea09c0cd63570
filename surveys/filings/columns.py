"""The columns of the filing workbook, in both languages: written by one, read by the other."""

from __future__ import annotations

from evaluation.platform.i18n import N_, english

TEMPLATE_VERSION = "1"
META_SHEET = "_yingshang"
SHEET = N_("填报")
GUIDE = N_("说明")
FAULTS = N_("校验结果")
YES = N_("是")

#: key → header. ``code`` and ``value`` must be there; the rest may be missing.
HEADERS = {
    "number": N_("序号"),
    "code": N_("代码"),
    "dimension": N_("一级指标"),
    "name": N_("指标"),
    "unit": N_("单位"),
    "how": N_("填报说明"),
    "last": N_("上期值"),
    "value": N_("本期值"),
    "not_applicable": N_("不适用"),
    "note": N_("备注"),
}
NEEDED = ("code", "value")
COLUMN = {key: at for at, key in enumerate(HEADERS, 1)}


def spellings(message: str) -> tuple[str, ...]:
    """A header or sheet name as either language writes it."""
    return tuple(dict.fromkeys((message, english().get(message, message))))


def means_yes(text: str) -> bool:
    """Whether the not-applicable cell says yes."""
    return text.casefold() in ("是", "yes", "1", "true", "√")


def means_no(text: str) -> bool:
    """Whether the not-applicable cell says no: empty, our dash, or one of the usual words."""
    return text.casefold() in ("", "—", "否", "no", "0", "false")
