"""Sealed packages and the public key: what others need to verify a result by themselves."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, MediaType, Response, get
from litestar.params import FromPath, PathParameter

from evaluation.accounts import roles
from evaluation.accounts.access import requires
from evaluation.platform import pages
from evaluation.platform.errors import NotFound
from evaluation.platform.pages import AnyRequest
from evaluation.platform.sessions import DbSession
from evaluation.rounds import rules as round_rules
from evaluation.rounds import store as round_store
from scoring.sealing import keys, store
from scoring.sealing.sealer import ZIP

#: Who may have everything that a result follows from, the sources of covert visits included
#: (a package names neither persons nor days). Cities and departments see a result's pages.
READERS = (roles.OFFICE, roles.AUDITOR, roles.LEADER)

Version = Annotated[int, PathParameter(ge=1, le=100_000)]


class PackageController(Controller):
    """封存包: for the office, auditors and leaders."""

    path = "/rounds/{code:str}/scoring/package"
    guards = [requires(*READERS)]
    include_in_schema = False

    @get("/{number:int}/result.zip", sync_to_thread=True)
    def download(
        self, request: AnyRequest, db_session: DbSession, code: FromPath[str], number: Version
    ) -> Response[bytes]:
        """The sealed package of a published version."""
        found = round_store.get(db_session, request.user, code)
        seal = store.of_version(db_session, found, number)
        if seal is None or not round_rules.is_public(found.state):
            raise NotFound(round=code, version=number)
        content = request.app.state.evidence.get(seal.package_sha256)
        return pages.attachment(content, f"{code}-result-{number}.zip", ZIP)


class KeyController(Controller):
    """封存公钥: for everybody, signed in or not."""

    path = "/seal-key.pem"
    opt = {"exclude_from_auth": True}
    include_in_schema = False

    @get("/", sync_to_thread=True)
    def key(self, request: AnyRequest) -> Response[str]:
        """The public key, once something was sealed."""
        path = keys.path_of(request.app.state.settings)
        if not path.exists():
            raise NotFound
        public = keys.pem_of(keys.read_private(path).public_key())
        return Response(public, media_type=MediaType.TEXT)
