"""Takes an evaluator's names out of what somebody wrote. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Letters that go on a Latin name: “lan” is not meant by “plan”.
LETTER = r"[A-Za-z0-9_]"


def veil(text: str, names: Mapping[str, str]) -> str:
    """*text* with every name of *names* replaced by what stands for it, longest names first.

    A name in Latin letters counts as a whole word, whatever its case; one in Chinese counts
    anywhere.
    """
    held = {name.lower(): said for name, said in names.items() if len(name) > 1}
    if not held:
        return text
    meant = "|".join(map(_pattern, sorted(held, key=len, reverse=True)))
    return re.sub(meant, lambda found: held[found.group().lower()], text, flags=re.IGNORECASE)


def _pattern(name: str) -> str:
    start = f"(?<!{LETTER})" if re.match(LETTER, name[0]) else ""
    end = f"(?!{LETTER})" if re.match(LETTER, name[-1]) else ""
    return f"{start}{re.escape(name)}{end}"
