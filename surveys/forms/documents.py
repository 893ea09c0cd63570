"""What a version holds, out of the evidence store; read once, since it never changes."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from evaluation.platform.evidence import EvidenceStore
from surveys.forms.document import FormDocument, load
from surveys.forms.models import FormVersion

#: Versions in use at a time are few; a form of 300 questions takes about 2 MB here.
KEPT = 64


class _Kept:
    """What was read last, by hash."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._lock = Lock()

    def get(self, kind: str, sha256: str, read: Callable[[], Any]) -> Any:
        """What *kind* of thing is behind a hash, read where it is not held."""
        key = (kind, sha256)
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        found = read()
        with self._lock:
            self._held[key] = found
            while len(self._held) > KEPT:
                self._held.popitem(last=False)
        return found


_KEPT = _Kept()


def document(store: EvidenceStore, version: FormVersion) -> FormDocument:
    """What the version asks. Raises EvidenceGone where the store lost it."""
    found: FormDocument = _KEPT.get(
        "document", version.document, lambda: load(store.get(version.document))
    )
    return found


def xform(store: EvidenceStore, version: FormVersion) -> str:
    """The XForm that engines run. Raises EvidenceGone where the store lost it."""
    found: str = _KEPT.get("xform", version.xform, lambda: store.get(version.xform).decode())
    return found


def page(store: EvidenceStore, version: FormVersion) -> dict[str, str]:
    """``form`` (HTML) and ``model`` (XML) for the browser's engine. Raises EvidenceGone."""
    found: dict[str, str] = _KEPT.get(
        "page", version.page, lambda: json.loads(store.get(version.page))
    )
    return found
