"""Random codes: neither their order nor their number tells anything."""

from __future__ import annotations

import secrets

#: No 0/O, 1/I/L, U: codes are read aloud and typed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def random_code(length: int = 10) -> str:
    """A code from the system's own randomness; 10 characters carry 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
