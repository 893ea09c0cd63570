"""Why records came back, for the phones of those who sent them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from surveys.field.service import GivenBack
from surveys.review.models import ReviewStep
from surveys.submissions.rules import REJECTED, RETURNED


def given_back(session: Session, submission_ids: Collection[int]) -> dict[int, GivenBack]:
    """The last reasons with which each record was returned or rejected; nobody is named."""
    steps = session.scalars(
        sa.select(ReviewStep)
        .where(
            ReviewStep.submission_id.in_(submission_ids),
            ReviewStep.to_state.in_((RETURNED, REJECTED)),
        )
        .order_by(ReviewStep.id)
    )
    return {each.submission_id: GivenBack(each.reason, each.reasons) for each in steps}
