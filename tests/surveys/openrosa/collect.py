"""A client that behaves as ODK Collect's source does: what it asks, in which order, and what it
takes for success. Written from reading that source, not from our server."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
TEN_MB = 10_000_000
MOST_FILES = 100  # beyond this many attachments a post is split


class FormSourceError(Exception):
    """What Collect shows instead of a list of forms."""


class UploadFailed(Exception):
    """What Collect shows of a record that it keeps as "submission failed"."""


@dataclass
class ListedForm:
    """One entry of a list that Collect accepts."""

    form_id: str
    name: str
    version: str
    hash: str
    download_url: str
    manifest_url: str | None


@dataclass
class Collect:
    """One phone. ``server`` is the address typed or scanned; credentials where it has them."""

    server: str
    username: str = ""
    password: str = ""
    timeout: float = 30
    asked: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.http = httpx.Client(timeout=self.timeout, follow_redirects=True)
        self._challenge: dict[str, str] | None = None
        self._nonce, self._count, self._cnonce = "", 0, ""

    def close(self) -> None:
        """Hang up."""
        self.http.close()

    # --- fetching forms

    def form_list(self) -> list[ListedForm]:
        """The list of forms, or the error that Collect shows."""
        answer = self.ask("GET", f"{self.server.rstrip('/')}/formList")
        if answer.status_code != 200:
            raise FormSourceError(answer.status_code)
        root = self._document(answer)
        if root.tag != f"{LIST}xforms":
            raise FormSourceError("parse error")
        found = []
        for entry in root.findall(f"{LIST}xform"):
            said = {child.tag.removeprefix(LIST): (child.text or "").strip() for child in entry}
            if not (said.get("formID") and said.get("name") and said.get("downloadUrl")):
                raise FormSourceError("parse error")
            given = said.get("hash", "")
            found.append(
                ListedForm(
                    said["formID"],
                    said["name"],
                    said.get("version", ""),
                    given.removeprefix("md5:") if given.startswith("md5:") else "",
                    said["downloadUrl"],
                    said.get("manifestUrl") or None,
                )
            )
        return found

    def download(self, form: ListedForm) -> tuple[bytes, dict[str, bytes]]:
        """The form and its media, checked by their hashes."""
        answer = self.ask("GET", form.download_url)
        if answer.status_code != 200:
            raise FormSourceError(answer.status_code)
        if hashlib.md5(answer.content).hexdigest() != form.hash:
            raise FormSourceError("hash mismatch")
        media = {}
        if form.manifest_url:
            listed = self.ask("GET", form.manifest_url)
            if listed.status_code != 200:
                raise FormSourceError(listed.status_code)
            for entry in self._document(listed).findall(f"{MANIFEST}mediaFile"):
                said = {each.tag.removeprefix(MANIFEST): each.text or "" for each in entry}
                if not (said.get("filename") and said.get("downloadUrl") and said.get("hash")):
                    raise FormSourceError("parse error")
                content = self.ask("GET", said["downloadUrl"]).content
                if hashlib.md5(content).hexdigest() != said["hash"].removeprefix("md5:"):
                    raise FormSourceError("hash mismatch")
                media[said["filename"]] = content
        return answer.content, media

    @staticmethod
    def _document(answer: httpx.Response) -> ElementTree.Element:
        content_type = answer.headers.get("content-type", "")
        if "text/xml" not in content_type.lower():
            raise FormSourceError(f"content type {content_type}")
        if content_type.lower().count("charset") > 1:
            raise FormSourceError(f"content type {content_type}")
        if "x-openrosa-version" not in answer.headers:
            raise FormSourceError("not an OpenRosa server")
        return ElementTree.fromstring(answer.content)

    # --- sending records

    def submit(self, xml: bytes, files: Mapping[str, bytes] | None = None) -> str | None:
        """Send a finished record; the message shown, or `UploadFailed` and it is kept."""
        url = f"{self.server.rstrip('/')}/submission?deviceID=collect%3Atest"
        limit = TEN_MB
        head = self.ask("HEAD", url)
        if head.status_code == 401:
            raise UploadFailed("auth")
        if head.status_code == 204:
            said = head.headers.get("x-openrosa-accept-content-length")
            limit = int(said) if said else limit
        elif 200 <= head.status_code < 300:
            raise UploadFailed(f"not an OpenRosa endpoint: {head.status_code}")
        answer: httpx.Response | None = None
        for part, more in self.split(xml, list((files or {}).items()), limit):
            answer = self.post(url, xml, part, more=more)
            if answer.status_code not in (201, 202):
                raise UploadFailed(
                    message(answer)
                    if answer.status_code not in (200, 401)
                    else f"{answer.status_code}"
                )
        assert answer is not None
        return message(answer)

    @staticmethod
    def split(
        xml: bytes, files: Sequence[tuple[str, bytes]], limit: int
    ) -> list[tuple[Sequence[tuple[str, bytes]], bool]]:
        """The posts of a record: at most so many bytes of files and so many of them at a time."""
        posts: list[tuple[Sequence[tuple[str, bytes]], bool]] = []
        start = 0
        while start < len(files) or not posts:
            at, size, more = start, len(xml), False
            while at < len(files):
                size += len(files[at][1])
                if at + 1 < len(files) and (
                    at - start + 1 > MOST_FILES or size + len(files[at + 1][1]) > limit
                ):
                    more = True
                    at += 1
                    break
                at += 1
            posts.append((files[start:at], more))
            start = at
        return posts

    def post(
        self, url: str, xml: bytes, files: Sequence[tuple[str, bytes]], *, more: bool = False
    ) -> httpx.Response:
        """One post."""
        boundary = secrets.token_hex(16)
        parts = [("xml_submission_file", "record.xml", "text/xml", xml)]
        parts += [(name, name, "image/jpeg", content) for name, content in files]
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
            f'filename="{filename}"\r\nContent-Type: {kind}\r\n'
            f"Content-Length: {len(content)}\r\n\r\n".encode()
            + content
            + b"\r\n"
            for name, filename, kind, content in parts
        )
        if more:
            body += (
                f"--{boundary}\r\n"
                'Content-Disposition: form-data; name="*isIncomplete*"\r\n'
                "Content-Length: 3\r\n\r\nyes\r\n"
            ).encode()
        body += f"--{boundary}--\r\n".encode()
        return self.ask(
            "POST", url, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        )

    # --- asking

    def ask(
        self, method: str, url: str, body: bytes | None = None, headers: Any = None
    ) -> httpx.Response:
        """One call, authenticated as OkHttp's digest authenticator does it."""
        if self._challenge is None:
            answer = self._send(method, url, body, headers, {})
        else:
            answer = self._send(method, url, body, headers, self._authorized(method, url))
            if answer.status_code == 401:  # the cached answer is forgotten, and asked for anew
                self._challenge = None
                answer = self._send(method, url, body, headers, {})
        if answer.status_code == 401 and self.username:
            challenge = self._read(answer)
            if challenge is not None:
                self._challenge = challenge
                answer = self._send(method, url, body, headers, self._authorized(method, url))
                again = self._read(answer) if answer.status_code == 401 else None
                if again is not None and again.get("stale", "").lower() == "true":
                    self._challenge = again
                    answer = self._send(method, url, body, headers, self._authorized(method, url))
        return answer

    @staticmethod
    def _read(answer: httpx.Response) -> dict[str, str] | None:
        for said in answer.headers.get_list("www-authenticate"):
            if said.startswith("Digest"):
                found = re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', said)
                return {name: quoted or plain for name, quoted, plain in found}
        return None

    def _authorized(self, method: str, url: str) -> dict[str, str]:
        assert self._challenge is not None
        held = self._challenge
        assert "auth" in [each.strip() for each in held["qop"].split(",")]
        if held["nonce"] == self._nonce:
            self._count += 1
        else:
            self._nonce, self._count, self._cnonce = held["nonce"], 1, secrets.token_hex(8)
        where = urlsplit(url)
        uri = where.path + (f"?{where.query}" if where.query else "")
        count = f"{self._count:08x}"
        ha1 = md5(f"{self.username}:{held['realm']}:{self.password}")
        middle = f"{held['nonce']}:{count}:{self._cnonce}:auth"
        response = md5(f"{ha1}:{middle}:{md5(f'{method}:{uri}')}")
        return {
            "Authorization": f'Digest username="{self.username}", realm="{held["realm"]}", '
            f'nonce="{held["nonce"]}", uri="{uri}", response="{response}", qop=auth, '
            f'nc={count}, cnonce="{self._cnonce}", algorithm=MD5'
        }

    def _send(
        self, method: str, url: str, body: bytes | None, headers: Any, extra: Mapping[str, str]
    ) -> httpx.Response:
        sent = {
            "User-Agent": "org.odk.collect.android/v2026.1 Dalvik/2.1",
            "X-OpenRosa-Version": "1.0",
            # Collect's own date has hours from 1 to 12 and no half of the day.
            "Date": datetime.now(UTC).strftime("%a, %d %b %Y %I:%M:%S GMT"),
        }
        answer = self.http.request(
            method, url, content=body, headers={**sent, **(headers or {}), **extra}
        )
        self.asked.append((method, urlsplit(url).path, answer.status_code))
        return answer


def message(answer: httpx.Response) -> str | None:
    """What Collect shows of an answer: the text of its first ``message``."""
    if "OpenRosaResponse" not in answer.text:
        return None
    return re.sub(r"<[^>]*>", "", re.search(r"<message[^>]*>.*?</message>", answer.text, re.S)[0])  # type: ignore[index]


def md5(text: str) -> str:
    """As RFC 7616 wants it of old clients."""
    return hashlib.md5(text.encode()).hexdigest()
