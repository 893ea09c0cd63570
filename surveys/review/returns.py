"""What an evaluator is told of the review of a record: where it stands and why, not by whom."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.field.service import GivenBack
from surveys.review import rules
from surveys.review.models import ReviewStep
from surveys.submissions.models import Submission

#: Steps whose reasons are meant for the evaluator; those of others are the reviewers' own.
TOLD = (rules.RETURN, rules.REJECT, rules.WITHDRAW)


def given_back(session: Session, submission_ids: Collection[int]) -> dict[int, GivenBack]:
    """Why records were returned or set aside, by submission; those that stand so no more are
    left out."""
    query = (
        sa.select(ReviewStep)
        .join(Submission, Submission.id == ReviewStep.submission_id)
        .where(
            ReviewStep.submission_id.in_(submission_ids),
            ReviewStep.action.in_(TOLD),
            ReviewStep.to_state == Submission.state,
        )
        .order_by(ReviewStep.id)
    )
    return {
        step.submission_id: GivenBack(step.reason, dict(step.reasons))
        for step in session.scalars(query)
    }
