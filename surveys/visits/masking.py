"""Evaluators under another name: what the audit log, logs and the auditor see of them.

The alias is the same all through a deployment, so that one visitor's work can be followed, and
cannot be turned back into a name without the deployment's secret.
"""

from __future__ import annotations

import hashlib
import hmac

from evaluation.accounts.roles import EVALUATOR
from evaluation.platform.audit import System
from surveys.visits.codes import ALPHABET


def alias(secret: str, username: str) -> str:
    """``V-`` and six characters that stand for *username*."""
    held = hmac.digest(secret.encode(), b"visitor:" + username.encode(), hashlib.sha256)
    number = int.from_bytes(held[:8], "big")
    said = ""
    for _ in range(6):
        number, at = divmod(number, len(ALPHABET))
        said += ALPHABET[at]
    return f"V-{said}"


def masked(secret: str, username: str) -> System:
    """An evaluator as the actor of an audit row."""
    return System(alias(secret, username), EVALUATOR)
