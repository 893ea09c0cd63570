"""One post as a parcel: its parts read within bounds, by what they are called."""

from __future__ import annotations

from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException

from evaluation.platform.pages import AnyRequest
from surveys.submissions.parcel import (
    MAX_LEDGER_BYTES,
    MAX_PARTS,
    NoRecord,
    Parcel,
    ParcelTooLarge,
    SentFile,
)

RECORD, LEDGER, MORE = "xml_submission_file", "ledger", "*isIncomplete*"
MULTIPART = "multipart/form-data"


async def parcel(request: AnyRequest) -> Parcel:
    """The parcel in a request.

    Raises `NoRecord` for anything but a multipart post with one record, `ParcelTooLarge` for more
    parts or a larger ledger than are taken.
    """
    if request.content_type[0] != MULTIPART:
        raise NoRecord
    try:
        form = await request.form()
    except UnicodeDecodeError as error:
        raise NoRecord from error
    except ClientException as error:
        if "Too Large" in str(error.detail) and error.status_code == 400:
            raise ParcelTooLarge(what=MULTIPART, limit=MAX_PARTS) from error
        raise
    try:
        return await _parts(list(form.multi_items()))
    finally:
        await form.close()


async def _parts(parts: list[tuple[str, object]]) -> Parcel:
    records: list[bytes] = []
    ledgers: list[bytes] = []
    files: list[SentFile] = []
    for name, part in parts:
        content = await _content(part)
        if name == RECORD:
            records.append(content)
        elif name == LEDGER:
            ledgers.append(content)
        elif isinstance(part, UploadFile) and name != MORE:
            files.append(SentFile(part.filename or name, content))
    if not records or any(each != records[0] for each in records):
        raise NoRecord
    if any(each != ledgers[0] for each in ledgers):
        raise NoRecord
    ledger = ledgers[0] if ledgers else None
    if ledger is not None and len(ledger) > MAX_LEDGER_BYTES:
        raise ParcelTooLarge(what=LEDGER, limit=f"{MAX_LEDGER_BYTES // 2**20} MB")
    return Parcel(records[0], ledger, tuple(files))


async def _content(part: object) -> bytes:
    if isinstance(part, UploadFile):
        return await part.read()
    return str(part).encode()
