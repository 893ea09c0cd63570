"""Unlocking a phone, and what passes between it and the server at every sync."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from evaluation.accounts import roles
from evaluation.accounts.models import User
from evaluation.framework.tree import Unit
from evaluation.platform import audit, clock
from evaluation.platform.errors import NotFound
from evaluation.platform.evidence import EvidenceStore
from evaluation.platform.settings import Settings
from surveys.field import rules, store
from surveys.field.errors import NotForEvaluators, PasswordFirst
from surveys.forms import documents
from surveys.forms import store as forms
from surveys.forms.models import FormVersion
from surveys.submissions import devices
from surveys.submissions import rules as submission_rules
from surveys.submissions.errors import SignInAgain
from surveys.submissions.models import Device, Edition, Submission
from surveys.visits import store as visits
from surveys.visits.masking import masked
from surveys.visits.models import Visit


@dataclass(frozen=True)
class GivenBack:
    """Why a submission was returned or rejected: in general, and by the path of a question."""

    reason: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)


#: The last reasons given, by submission; review supplies it.
Reasons = Callable[[Session, Collection[int]], Mapping[int, GivenBack]]


def unlock(
    session: Session, settings: Settings, user: User, codes: Sequence[str], name: str
) -> dict[str, Any]:
    """What opens this person's box on a phone; the password is already proved.

    *codes* are the devices whose boxes the phone keeps. One of this person is taken up again;
    else the phone is registered and its ``key`` said, once. ``revoked`` names boxes to wipe;
    ``others`` tells of phones that had something unsent when last heard of.

    Raises `NotForEvaluators`, `PasswordFirst`, or TooManyDevices.
    """
    if user.role != roles.EVALUATOR:
        raise NotForEvaluators
    if user.must_change_password:
        raise PasswordFirst
    held = store.web_devices(session, user.username)
    mine = [each for each in held if each.code in codes]
    device = next((each for each in mine if each.revoked_at is None), None)
    key = None
    if device is None:
        device, key = devices.register(
            session, user.username, name, devices.WEB, secret=settings.secret
        )
    else:
        device.unlocked_at = clock.now()
        who = masked(settings.secret, user.username)
        audit.record(session, who, "device.unlocked", f"device:{device.code}")
    return {
        "device": device.code,
        "key": key,
        "unlock_key": device.unlock_key,
        "person": {"username": user.username, "name": user.display_name},
        "revoked": [each.code for each in mine if each.revoked_at is not None],
        "others": [
            {"name": each.name, "unsent": unsent, "seen_at": _iso(each.seen_at)}
            for each in held
            if each.id != device.id
            and each.revoked_at is None
            and (unsent := devices.unsent(each)) is not None
            and unsent > 0
        ],
        "now": clock.now().isoformat(),
    }


def holder(session: Session, settings: Settings, authorization: str) -> Device:
    """The phone behind an ``Authorization: Bearer`` header.

    Raises `SignInAgain` for a key nobody has or a stale unlock, DeviceRevoked, DeviceSuspended.
    """
    scheme, _, key = authorization.partition(" ")
    device = devices.find(session, key.strip()) if scheme.lower() == "bearer" else None
    if device is None:
        raise SignInAgain
    devices.require_recent_sign_in(device, settings.field_days)
    return device


def sync(
    session: Session, device: Device, said: Mapping[str, Any], reasons: Reasons
) -> dict[str, Any]:
    """Write down what the phone says of itself; answer with everything it needs to work on."""
    now = clock.now()
    devices.seen(session, device, rules.reported(said))
    assigned = visits.assigned(session, device.username, now)
    sent = store.submissions(session, device.username)
    chains: dict[int, list[Edition]] = {}
    for edition in store.editions(session, [held.id for held, _ in sent]):
        chains.setdefault(edition.submission_id or 0, []).append(edition)
    newest = store.newest_versions(session, {visit.form_id for visit in assigned})
    begun = {
        edition.version_id
        for held, _ in sent
        if held.state in submission_rules.EDITABLE
        for edition in chains.get(held.id, ())
    }
    wanted = {each.id: each for each in (*newest, *store.form_versions(session, begun))}
    by_form = {each.form_id: each for each in newest}
    why = reasons(session, [held.id for held, _ in sent])
    cities = store.cities(session, {visit.round_id for visit in assigned})
    return {
        "now": now.isoformat(),
        "visits": [_visit(each, cities[each.round_id], by_form) for each in assigned],
        "forms": [_form(each) for each in wanted.values()],
        "submissions": [
            _submission(held, code, chains.get(held.id, []), wanted, why.get(held.id, GivenBack()))
            for held, code in sent
        ],
    }


def leave(session: Session, settings: Settings, device: Device) -> None:
    """The person signed out on the phone and wiped it: its key opens nothing any more."""
    who = audit.System(device.username, roles.EVALUATOR)  # masked where it is written down
    devices.revoke(session, who, device, secret=settings.secret)


def form(evidence: EvidenceStore, session: Session, sha256: str) -> dict[str, Any]:
    """A form for the phone's engine, by the hash of its page. Raises NotFound."""
    version = store.form_page(session, sha256)
    if version is None:
        raise NotFound
    return {
        "code": version.form.code,
        "number": version.number,
        "title": {"zh": version.title, "en": version.title_en},
        **documents.page(evidence, version),
        "media": [each.name for each in forms.media(session, version.id)],
        "document": asdict(documents.document(evidence, version)),
    }


def record(
    evidence: EvidenceStore, session: Session, device: Device, instance: str
) -> dict[str, Any]:
    """An evaluator's own record again, for a phone that no longer has it. Raises NotFound."""
    edition = store.own_edition(session, device.username, instance)
    if edition is None:
        raise NotFound
    (version,) = store.form_versions(session, [edition.version_id])
    return {
        "xml": evidence.get(edition.xml).decode(),
        "form": version.page,
        "files": [
            {
                "name": each.name,
                "question": each.question,
                "sha256": each.sha256 or each.expected,
                "size": each.size,
                "media_type": each.media_type,
            }
            for each in store.files(session, edition.id)
        ],
    }


def _visit(
    visit: Visit, cities: Mapping[str, Unit], newest: Mapping[int, FormVersion]
) -> dict[str, Any]:
    city, site = cities[visit.city], visit.site
    version = newest.get(visit.form_id)
    return {
        "code": visit.code,
        "form": version.page if version else "",
        "story": visit.story,
        "opens_at": _iso(visit.opens_at),
        "closes_at": _iso(visit.closes_at),
        "city": {"zh": city.name, "en": city.name_en},
        "site": {
            "zh": site.name,
            "en": site.name_en,
            "kind": site.kind,
            "address": site.address,
            "lat": site.lat,
            "lon": site.lon,
        },
    }


def _form(version: FormVersion) -> dict[str, Any]:
    return {
        "sha256": version.page,
        "code": version.form.code,
        "number": version.number,
        "title": {"zh": version.title, "en": version.title_en},
    }


def _submission(
    held: Submission,
    visit: str,
    chain: Sequence[Edition],
    versions: Mapping[int, FormVersion],
    why: GivenBack,
) -> dict[str, Any]:
    current = next((each for each in chain if each.id == held.edition_id), None)
    version = versions.get(current.version_id) if current else None
    told = held.state in (submission_rules.RETURNED, submission_rules.REJECTED)
    return {
        "code": held.code,
        "root": held.root,
        "visit": visit,
        "state": held.state,
        "editable": held.state in submission_rules.EDITABLE,
        "received_at": _iso(held.received_at),
        "instance": current.instance if current else held.root,
        "receipt": current.receipt if current else "",
        "form": version.page if version else "",
        "reason": why.reason if told else "",
        "reasons": dict(why.reasons) if told else {},
        "editions": [
            {
                "instance": each.instance,
                "receipt": each.receipt,
                "complete": bool(each.completed_at),
            }
            for each in chain
        ],
    }


def _iso(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
