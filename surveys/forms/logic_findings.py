"""What the form's logic can say against a submission, in either language and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.platform.i18n import N_, _

KINDS = {
    "required": N_("必答题没有回答。"),
    "constraint": N_("答案不符合本题的要求。{message}"),
    "calculation": N_("自动计算应为“{should}”，提交的是“{held}”，可能被改动过。"),
    "choice": N_("“{value}”不是本题此时可选的选项。"),
    "relevant": N_("按跳转条件本题不会出现，却有答案“{value}”。"),
    "evidence": N_("本题有答案，但缺少佐证“{evidence}”。"),
    "unknown": N_("表单里没有这个项目，或它出现了不止一次。"),
    "not-evaluated": N_("服务器无法执行本题的规则，请人工核对。"),
}


@dataclass(frozen=True, slots=True)
class LogicFinding:
    """One thing the form's logic says against a submission.

    ``kind`` is a key of `KINDS`, ``path`` has positions as in `Answer.path`.
    """

    kind: str
    path: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What is wrong, in the current language."""
        return _(KINDS[self.kind], **{"message": "", **self.facts}).strip()

    def stored(self) -> dict[str, Any]:
        """As JSON; `restored` reads it."""
        return {"kind": self.kind, "path": self.path, "facts": dict(self.facts)}


def restored(held: Mapping[str, Any]) -> LogicFinding:
    """A finding back from `LogicFinding.stored`."""
    return LogicFinding(held["kind"], held["path"], held.get("facts", {}))
