"""What a file is that a phone sent. What cannot be shown is still kept, sealed, with the reason."""

from __future__ import annotations

from surveys.photos import kinds
from surveys.submissions.parcel import Inspected


def inspect(content: bytes, name: str) -> Inspected:
    """The media type by content; with a problem, the type under which it is kept sealed."""
    try:
        return Inspected(kinds.kind_of(content, name).media_type)
    except kinds.FileRefused as refused:
        return Inspected(kinds.SEALED.media_type, refused.reason)
