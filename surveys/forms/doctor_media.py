"""The doctor looks at the pictures and sounds that questions show."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

from evaluation.platform.errors import Fault
from evaluation.platform.i18n import N_
from surveys.forms import vocabulary as words
from surveys.forms.outline import Outline

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}")
COLUMNS = ("media::image", "media::audio", "media::video")


def check(form: Outline, given: Collection[str]) -> None:
    """Note files that are named and did not come, and files that nobody names."""
    wanted: set[str] = set()
    for sheet in (words.SURVEY, words.CHOICES):
        for row in form.book[sheet].rows:
            for full, name in row.texts.items():
                if not full.startswith(COLUMNS):
                    continue
                wanted.add(name)
                if not NAME.fullmatch(name):
                    form.book.fault(
                        "bad-media-name", sheet, row, full, N_("文件名“{name}”不能用。"),
                        N_("只用字母、数字、点、下划线和连字符，例如 sign.jpg。"),
                        facts={"name": name[:60]},
                    )  # fmt: skip
                elif name not in given:
                    near = get_close_matches(name, given, 1, 0.6)
                    form.book.fault(
                        "missing-media", sheet, row, full, N_("没有上传文件“{name}”。"),
                        N_("是否应为“{near}”？") if near
                        else N_("请和工作簿一起上传这个文件，或清空这一格。"),
                        facts={"name": name[:60], "near": near[0] if near else ""},
                    )  # fmt: skip
    for name in sorted(set(given) - wanted):
        form.book.faults.append(
            Fault("unused-media", N_("没有题目使用文件“{name}”。"),
                  N_("请在“图片”“音频”或“视频”列写上文件名，或不上传它。"), {"name": name[:60]},
                  file=name, severity="warning")
        )  # fmt: skip
