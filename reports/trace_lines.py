"""The way of one cell as lines of text: every step with its rule and its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evaluation.platform.i18n import N_, _

if TYPE_CHECKING:
    from scoring.composite.trace import Trace

STAGES = {
    "raw": N_("原始值"),
    "denominated": N_("除以分母"),
    "imputed": N_("补缺"),
    "treated": N_("处理离群值"),
    "normalised": N_("标准化"),
    "contribution": N_("对上级的贡献"),
    "adjusted": N_("加减分"),
}


def trace_lines(found: Trace) -> Iterator[str]:
    """A line a step: stage, node, value, rule, then its parameters and what it was made from."""
    for step in found.steps:
        yield f"{_(STAGES[step.stage])} {step.node} = {_said(step.value)} [{step.rule}]"
        for facts in (step.parameters, step.made_from):
            if facts:
                yield f"    {_listed(facts)}"


def _listed(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_said(value)}" for key, value in facts.items())


def _said(value: Any) -> str:
    """A number to ten digits, a mapping or a list in brackets; a dash for nothing."""
    if value is None:
        return "—"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Mapping):
        return f"({_listed(value)})"
    if isinstance(value, list | tuple):
        return f"({', '.join(_said(item) for item in value)})"
    return str(value)
