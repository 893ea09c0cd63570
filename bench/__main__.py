"""Run the speed lines: all of them, or those whose name holds a word given."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator

from bench.measuring import Measured, measure
from bench.parts import PARTS


def main(words: list[str]) -> int:
    """Print one line a comparison; 1 when a limit is passed, 2 when no line has such a name."""
    say(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    say("medians of runs taken in turns; ratio = ours / baseline\n")
    say(f"{'line':<26}{'ours':>11}{'bare':>11}{'ratio':>8}{'limit':>7}  {'peak MB':>15}  baseline")
    found = list(_measured(words))
    if not found and not set(words) & set(PARTS):
        say(f"no such line; there are: {', '.join(PARTS)}")
        return 2
    over = [each.line.name for each in found if not each.within]
    say(f"\nover the limit: {', '.join(over)}" if over else "\nevery ratio is within its limit")
    return 1 if over else 0


def say(text: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _measured(words: list[str]) -> Iterator[Measured]:
    for part, lines in PARTS.items():
        if words and part not in words:
            continue
        for line in lines():
            if isinstance(line, str):  # what could not be compared here, and why
                say(line)
                continue
            found = measure(line)
            say(_said(found))
            yield found


def _said(found: Measured) -> str:
    line = found.line
    peaks = f"{found.peaks[0]:.1f} / {found.peaks[1]:.1f}" if found.peaks else ""
    mark = "" if found.within else "  OVER"
    return (
        f"{line.name:<26}{_time(found.ours):>11}{_time(found.bare):>11}{found.ratio:>7.2f}×"
        f"{line.limit:>6g}×  {peaks:>15}  {line.baseline}{mark}"
    )


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
