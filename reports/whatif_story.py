"""What-if on a leader's home: where to start once a result is published."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.principal import Principal
from evaluation.platform.i18n import _, named
from evaluation.rounds import rules
from evaluation.rounds.models import Round
from evaluation.rounds.story import Task


def tasks(_session: Session, who: Principal, found: Round) -> list[Task]:
    """A leader may ask what would lift a city, after publication."""
    if who.role != roles.LEADER or found.state != rules.PUBLISHED:
        return []
    name = named(found.name, found.name_en)
    return [
        Task(
            _("“{name}”：哪些指标最能提升名次", name=name),
            f"/rounds/{found.code}/whatif",
            _("选一个单位，看每一项能带来多少；也可以调整权重，看名次怎样变。"),
        )
    ]
