"""A framework as a JSON document: the form in which versions are stored, compared and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from typing import Any

from evaluation.framework.tree import Framework, Measure, Node, Unit, Zone

PARTS: dict[str, type[Any]] = {"units": Unit, "zones": Zone, "nodes": Node, "measures": Measure}


def to_document(framework: Framework) -> dict[str, Any]:
    """Plain dictionaries, lists, text, numbers and booleans; every field is present."""
    document: dict[str, Any] = {
        field.name: getattr(framework, field.name)
        for field in fields(Framework)
        if field.name not in PARTS
    }
    for part in PARTS:
        document[part] = [asdict(item) for item in getattr(framework, part)]
    plain = _plain(document)
    assert isinstance(plain, dict)
    return plain


def from_document(document: Mapping[str, Any]) -> Framework:
    """The framework of a document made by ``to_document``; absent fields take their defaults.

    Raises ``ValueError`` for a field it does not know, or a missing field without a default.
    """
    values = dict(document)
    for part, kind in PARTS.items():
        values[part] = tuple(_build(kind, item) for item in values.get(part, ()))
    built: Framework = _build(Framework, values)
    return built


def canonical_bytes(framework: Framework) -> bytes:
    """The same framework always gives the same bytes: keys sorted, 1.0 written as 1, UTF-8."""
    return json.dumps(
        to_document(framework),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    ).encode()


def sha256(framework: Framework) -> str:
    """Hexadecimal digest of ``canonical_bytes``."""
    return hashlib.sha256(canonical_bytes(framework)).hexdigest()


def _build(kind: type[Any], values: Mapping[str, Any]) -> Any:
    known = {field.name: field for field in fields(kind)}
    unknown = sorted(set(values) - set(known))
    required = [
        name
        for name, field in known.items()
        if field.default is MISSING and field.default_factory is MISSING and name not in values
    ]
    if unknown or required:
        raise ValueError(f"{kind.__name__}: unknown fields {unknown}, missing fields {required}")
    return kind(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
