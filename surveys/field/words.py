"""Everything the phone says, by key; both languages go into the shell."""

from __future__ import annotations

from surveys.field.words_gate import GATE
from surveys.field.words_send import SEND
from surveys.field.words_work import WORK
from surveys.submissions.rules import RECEIPT_STATES

WORDS = {
    **GATE,
    **WORK,
    **SEND,
    **{f"state.{state}": text for state, text in RECEIPT_STATES.items()},
}
