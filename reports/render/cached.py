"""Give formulas the values they will have, so that previews and programs see numbers at once.

openpyxl writes a formula without its value; until an office program opens the file, a phone's
preview shows nothing. The values are ours, the formula recomputes them on opening.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMULA = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v\s*(?:/>|></v>)')


def with_cached_values(book: bytes, values: Mapping[str, Mapping[str, float]]) -> bytes:
    """Write *values* (by part name, then by cell) beside the formulas of an .xlsx file.

    A formula without a value given is left as it is.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename in values:
                known = values[entry.filename]

                def filled(match: re.Match[bytes], known: Mapping[str, float] = known) -> bytes:
                    value = known.get(match[2].decode())
                    return match[0] if value is None else match[1] + b"<v>%r</v>" % value

                content = FORMULA.sub(filled, content)
            new.writestr(entry, content)
    return out.getvalue()
