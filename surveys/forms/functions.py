"""The functions that expressions may use, with how many arguments each takes, and the server's
own limits. XPath 1.0 and OpenRosa; `None` as the most means any number."""

from __future__ import annotations

#: name → least and most arguments.
FUNCTIONS: dict[str, tuple[int, int | None]] = {
    # XPath 1.0
    "boolean": (1, 1), "ceiling": (1, 1), "concat": (1, None), "contains": (2, 2),
    "count": (1, 1), "false": (0, 0), "floor": (1, 1), "last": (0, 0), "local-name": (0, 1),
    "name": (0, 1), "normalize-space": (0, 1), "not": (1, 1), "number": (0, 1),
    "position": (0, 1), "round": (1, 2), "starts-with": (2, 2), "string": (0, 1),
    "string-length": (0, 1), "substring": (2, 3), "substring-after": (2, 2),
    "substring-before": (2, 2), "sum": (1, 1), "translate": (3, 3), "true": (0, 0),
    # OpenRosa
    "abs": (1, 1), "acos": (1, 1), "area": (1, 1), "asin": (1, 1), "atan": (1, 1),
    "atan2": (2, 2), "boolean-from-string": (1, 1), "checklist": (3, None), "coalesce": (2, None),
    "cos": (1, 1), "count-non-empty": (1, 1), "count-selected": (1, 1), "current": (0, 0),
    "date": (1, 1), "date-time": (1, 1), "decimal-date-time": (1, 1), "decimal-time": (1, 1),
    "digest": (2, 3), "distance": (1, None), "ends-with": (2, 2), "exp": (1, 1), "exp10": (1, 1),
    "format-date": (2, 2), "format-date-time": (2, 2), "if": (3, 3), "indexed-repeat": (3, None),
    "instance": (1, 1), "int": (1, 1), "join": (2, None), "jr:choice-name": (2, 2),
    "jr:itext": (1, 1), "log": (1, 1), "log10": (1, 1), "max": (1, None), "min": (1, None),
    "now": (0, 0), "once": (1, 1), "pi": (0, 0), "pow": (2, 2), "random": (0, 0),
    "randomize": (1, 2), "regex": (2, 2), "selected": (2, 2), "selected-at": (2, 2),
    "sin": (1, 1), "sqrt": (1, 1), "substr": (2, 3), "tan": (1, 1), "today": (0, 0),
    "uuid": (0, 1), "weighted-checklist": (4, None),
}  # fmt: skip

#: Functions that would bring something from outside, and the way out is told.
OUTSIDE = frozenset({"pulldata", "search", "property", "version", "base64-decode", "phonenumber"})

#: What other programs call a function → its name here.
OTHER_NAMES = {
    "len": "string-length", "length": "string-length", "iif": "if", "ifelse": "if",
    "isnull": "string-length", "ceil": "ceiling", "power": "pow", "concatenate": "concat",
    "average": "sum", "mid": "substr", "left": "substr", "right": "substr", "today()": "today",
    "countif": "count", "choice-name": "jr:choice-name", "choose": "if",
}  # fmt: skip
