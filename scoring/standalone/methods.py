"""METHOD.toml to a Method, and the engine's refusals in people's words."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_
from scoring.composite.method import Method, parse_method
from scoring.composite.problems import MethodError
from scoring.standalone import data_messages, ranking_messages, whatif_messages
from scoring.standalone.tables import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scoring.composite.problems import Problem

EXPECTED: Mapping[str, str] = {
    **ranking_messages.EXPECTED,
    "number": N_("应是数字。"),
    "whole": N_("应是整数。"),
    "text": N_("应是文字，加引号。"),
    "list": N_("应是列表，写在方括号里。"),
    "flag": N_("应是 true 或 false。"),
    "section": N_("应是一节，以方括号标题开头。"),
}

# code of a Problem → what is wrong, how to mend it
MESSAGES: Mapping[str, tuple[str, str]] = {
    **ranking_messages.MESSAGES,
    **data_messages.DATA_MESSAGES,
    **whatif_messages.MESSAGES,
    "unknown-section": (N_("没有“{path}”这一节。"), N_("可用的节：{allowed}。")),
    "unknown-key": (N_("没有“{path}”这一项。"), N_("这一节可用的项：{allowed}。")),
    "wrong-type": (N_("“{path}”的类型不对：{value}。"), ""),
    "not-allowed": (N_("“{path}”不能是“{value}”。"), N_("只能是：{allowed}。")),
    "empty-list": (N_("“{path}”是空的。"), N_("可以是：{allowed}。")),
    "out-of-range": (N_("“{path}”超出范围：{value}。"), ""),
    "missing-key": (N_("缺少“{path}”，{because} 需要它。"), N_("请补上这一项。")),
    "not-a-range": (
        N_("“{path}”应是 [最少, 最多] 两个整数，这里是 {value}。"),
        N_("例如 [1, 5]。"),
    ),
    "not-a-power-of-two": (
        N_("“{path}”应是 2 的幂，这里是 {value}。"),
        N_("例如 512、1024、4096。"),
    ),
    "wrong-shape": (N_("“{path}”的大小应是 {expected}，这里是 {value}。"), ""),
    "bad-error": (
        N_("城市“{city}”的指标“{path}”的误差不能是 {value}。"),
        N_("误差应是不小于 0 的有限数；没有误差请留空。"),
    ),
    "no-errors": (
        N_("“{path}”里有 errors，却没有给出观测误差。"),
        N_("请给出误差（如“代码.se”列），或去掉 errors。"),
    ),
    "nothing-varied": (
        N_("没有可分析的因素：“{path}”里没有一项会变。"),
        N_("请在 uncertainty.vary 里写出要变动的项。"),
    ),
    "levels-mismatch": (
        N_("aggregate.levels 有 {value} 级，指标树从指标到总指数有 {height} 级。"),
        N_("请从最下级起逐级写出，共 {height} 个。"),
    ),
    "no-goalposts": (
        N_("指标“{path}”没有最优值和最差值，不能按固定标杆计分。"),
        N_("请在框架里补上，或换一种标准化方法。"),
    ),
    "goalposts-coincide": (
        N_("指标“{path}”的最优值和最差值相同（{value}），无法计分。"),
        N_("请改正其中一个。"),
    ),
    "no-target": (
        N_("指标“{path}”没有目标值，不能按距目标的距离计分。"),
        N_("请在框架里补上目标值（target），或换一种标准化方法。"),
    ),
    "too-large": (
        N_("城市“{city}”的指标“{path}”数值过大：{value}。"),
        N_("请检查单位，改用更大的计量单位。"),
    ),
    "unknown-city": (
        N_("参照城市“{value}”不在数据里。"),
        N_("请改正 normalise.reference。"),
    ),
    "not-positive": (
        N_("指标“{path}”要取对数，数值和标杆都须大于 0。"),
        N_("请改正数据，或把这个指标的变换留空。"),
    ),
    "negative-score": (
        N_("“{path}”的下级得分里有负数，{mean} 平均没有定义。"),
        N_("请用非负的标准化（如 goalposts、minmax），或设 aggregate.floor。"),
    ),
}


def read_method(name: str, data: bytes | None) -> Method:
    """The method in a TOML file; without a file the house's defaults.

    Raises ``Faulty`` with every problem.
    """
    if data is None:
        return Method()
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        mapping = tomllib.loads(text)
    except UnicodeDecodeError:
        raise refusal(
            name,
            "encoding",
            N_("方法文件不是 UTF-8 编码。"),
            N_("请另存为 UTF-8。"),
        ) from None
    except tomllib.TOMLDecodeError as problem:
        raise Faulty([_syntax(name, str(problem))]) from None
    try:
        return parse_method(mapping)
    except MethodError as error:
        raise Faulty(faults(name, error.problems, text)) from None


def faults(file: str, problems: Iterable[Problem], text: str = "") -> list[Fault]:
    """The engine's problems as faults of *file*, at the place of their key in *text*."""
    found = []
    for problem in problems:
        what, mend = MESSAGES.get(problem.code, (N_("“{path}”：{code}"), ""))
        facts = {"path": problem.path, "code": problem.code, **problem.facts}
        if problem.code == "wrong-type":
            mend = EXPECTED[facts["expected"]]
        elif problem.code == "out-of-range":
            mend = _range(facts)
        for name in ("allowed", "cities", "periods"):
            if isinstance(facts.get(name), tuple):
                facts[name] = ", ".join(str(item) for item in facts[name])
        row, column = locate(text, problem.path)
        found.append(Fault(problem.code, what, mend, facts, file=file, row=row, column=column))
    return found


def locate(text: str, path: str) -> tuple[int | None, str]:
    """Row and column of a key like ``rank.ties``, or of its section, in the text of a TOML file."""
    record = re.match(r"([\w.-]+)\[(\d+)\]", path)  # of an array of tables, counted from 1
    path, left = (record[1], int(record[2])) if record else (path, 1)
    section, _, key = path.partition(".")
    here, found = "", None
    for row, line in enumerate(text.splitlines(), start=1):
        title = re.match(r"\s*\[\[?\s*([^\[\]]+?)\s*\]", line)
        if title:
            here = title.group(1).strip("\"'")
        said = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        name = said.group(1).replace('"', "").replace("'", "") if said else ""
        full = f"{here}.{name}" if here and name else name or here
        column = str(len(line) - len(line.lstrip()) + 1)
        if full == path and (said or not key or title):
            left -= 1
            if left < 1:
                return row, column
        if found is None and section in (here, here.partition(".")[0], name.partition(".")[0]):
            found = row, column
    return found or (None, "")


def _range(facts: Mapping[str, Any]) -> str:
    if facts["low"] is not None and facts["high"] is not None:
        return N_("应在 {low} 与 {high} 之间。")
    if facts["low"] is not None:
        return N_("应大于 {low}。") if facts["above"] else N_("应不小于 {low}。")
    return N_("应是有限的数。")


def _syntax(name: str, said: str) -> Fault:
    place = re.search(r"\(at line (\d+), column (\d+)\)", said)
    return Fault(
        "not-toml",
        N_("方法文件的写法有误：{reason}"),
        N_("请按 TOML 的写法改正：文字加引号，每项一行。"),
        {"reason": said},
        file=name,
        row=int(place.group(1)) if place else None,
        column=place.group(2) if place else "",
    )
