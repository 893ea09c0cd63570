"""The list of forms, the forms, their manifests and media, as OpenRosa clients ask for them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from litestar import Controller, Response, get
from litestar.params import FromPath

from evaluation.platform import clock, pages
from evaluation.platform.errors import NotFound
from evaluation.platform.i18n import named
from evaluation.platform.pages import AnyRequest
from surveys.forms import documents
from surveys.forms import store as forms
from surveys.forms.models import FormMedia, FormVersion
from surveys.openrosa import asking, speaking, store
from surveys.openrosa.asking import Caller

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"


class FormsController(Controller):
    """What a phone may fetch: forms of its evaluator's own visits."""

    include_in_schema = False

    @get("/formList")
    async def index(self, request: AnyRequest) -> Response[Any]:
        """The list; every entry is whole, since Collect drops a list with one that is not."""
        asks, now = await asking.caller(request), clock.now()
        rows = await asking.read(
            request, lambda session: store.listed(session, asks.device.username, now)
        )
        return speaking.xml(
            f'<xforms xmlns="{LIST}">{"".join(_entry(asks, row) for row in rows)}</xforms>'
        )

    @get("/forms/{form:str}/{number:int}/form.xml")
    async def form(
        self, request: AnyRequest, form: FromPath[str], number: FromPath[int]
    ) -> Response[Any]:
        """The XForm."""
        _asks, version, _media = await _version(request, form, number)
        text = documents.xform(request.app.state.evidence, version)
        return Response(text, media_type=speaking.XML, headers=speaking.VERSION)

    @get("/forms/{form:str}/{number:int}/manifest")
    async def manifest(
        self, request: AnyRequest, form: FromPath[str], number: FromPath[int]
    ) -> Response[Any]:
        """Which files the form's questions show."""
        asks, _found, media = await _version(request, form, number)
        base = _base(asks, form, number)
        listed = "".join(
            f"<mediaFile><filename>{escape(each.name)}</filename><hash>md5:{each.md5}</hash>"
            f"<downloadUrl>{escape(f'{base}/media/{quote(each.name)}')}</downloadUrl></mediaFile>"
            for each in media
        )
        return speaking.xml(f'<manifest xmlns="{MANIFEST}">{listed}</manifest>')

    @get("/forms/{form:str}/{number:int}/media/{name:str}")
    async def media(
        self,
        request: AnyRequest,
        form: FromPath[str],
        number: FromPath[int],
        name: FromPath[str],
    ) -> Response[bytes]:
        """One of them."""
        _asks, _found, media = await _version(request, form, number)
        found = next((each for each in media if each.name == name), None)
        if found is None:
            raise NotFound
        content = request.app.state.evidence.get(found.sha256)
        return pages.attachment(content, found.name, found.media_type)


async def _version(
    request: AnyRequest, form: str, number: int
) -> tuple[Caller, FormVersion, list[FormMedia]]:
    asks, now = await asking.caller(request), clock.now()
    if not 0 < number < 2**31:
        raise NotFound

    def ask(session: Any) -> tuple[FormVersion, list[FormMedia]]:
        found = store.own_version(session, asks.device.username, now, form, number)
        if found is None:
            raise NotFound
        return found, forms.media(session, found.id)

    version, media = await asking.read(request, ask)
    return asks, version, media


def _entry(asks: Caller, row: Any) -> str:
    base = _base(asks, row.code, row.number)
    manifest = f"<manifestUrl>{escape(f'{base}/manifest')}</manifestUrl>" if row.has_media else ""
    return (
        f"<xform><formID>{escape(row.code)}</formID>"
        f"<name>{escape(named(row.title, row.title_en))}</name>"
        f"<version>{row.number}</version><hash>md5:{row.md5}</hash>"
        f"<downloadUrl>{escape(f'{base}/form.xml')}</downloadUrl>{manifest}</xform>"
    )


def _base(asks: Caller, form: str, number: int) -> str:
    return f"{asks.base}/forms/{quote(form)}/{number}"
