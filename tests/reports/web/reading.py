"""What the tests of the result pages share: a secret to look for and the table's lines."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.reports.web.conftest import Reader
from tests.scoring.runs.results import (
    SMALL,
)

Enter = Callable[..., Reader]
SECRET = 17.125  # a value that only C2 has
KNOWN = {**SMALL, ("C2", "I1"): SECRET}


def rows_of(page: str) -> list[str]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]
