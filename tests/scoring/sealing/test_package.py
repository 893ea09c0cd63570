"""A package verifies by its own bytes; whatever is changed is named."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import zipfile
from functools import lru_cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.runs.snapshot import snapshot_of
from scoring.sealing import archive, keys
from scoring.sealing.package import build
from scoring.sealing.verifying import ORDER, Verdict, verify
from tests.factories.province import small_framework
from tests.scoring.runs.results import KEY, SMALL
from tests.scoring.runs.test_snapshot import adopted
from tests.scoring.sealing.sealed import facts, package, sheet, snapshot

ROOT = Path(__file__).parents[3]


@lru_cache(maxsize=1)
def content() -> bytes:
    return package().content


@lru_cache(maxsize=1)
def members() -> dict[str, bytes]:
    return archive.read(content())[0]


def codes(verdict: Verdict, member: str) -> set[str]:
    return {each.code for each in verdict.problems if each.member == member}


def rebuilt(**changed: bytes) -> bytes:
    """A well-formed zip with other contents: what a forger without the key can make."""
    named = {name.replace("_", "."): held for name, held in changed.items()}
    return archive.write(members() | named)


def test_a_package_verifies() -> None:
    verdict = verify(content(), key_id=keys.key_id(KEY.public_key()))
    assert verdict.holds, [str(each) for each in verdict.problems]
    assert verdict.ranks == 4 * 3
    assert [each.code for each in verdict.notes] == []
    assert tuple(members()) == ORDER


def test_without_a_key_given_the_fingerprint_is_to_be_compared() -> None:
    verdict = verify(content())
    assert verdict.holds
    assert [each.code for each in verdict.notes] == ["unpinned"]


def test_another_key_is_told() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    verdict = verify(package(other).content, key_id=keys.key_id(KEY.public_key()))
    assert codes(verdict, "manifest.json") == {"other-key"}


def test_any_program_opens_it() -> None:
    with zipfile.ZipFile(io.BytesIO(content())) as opened:
        assert opened.testzip() is None
        assert tuple(opened.namelist()) == ORDER
        assert all(info.compress_type == zipfile.ZIP_STORED for info in opened.infolist())
        assert opened.read("snapshot.json") == snapshot().bytes


def owners() -> list[tuple[int, int, str]]:
    """Which member each stretch of the zip belongs to: header and content, then the directory."""
    found, at = [], 0
    for name, held in members().items():
        end = at + 30 + len(name) + len(held)
        found.append((at, end, name))
        at = end
    for name in members():
        found.append((at, at + 46 + len(name), name))
        at += 46 + len(name)
    return [*found, (at, len(content()), "")]


@given(st.integers(0, 10**9), st.integers(1, 255))
@settings(derandomize=True, max_examples=120, deadline=None)
def test_any_byte_changed_is_named(place: int, flip: int) -> None:
    at = place % len(content())
    changed = bytearray(content())
    changed[at] ^= flip
    verdict = verify(bytes(changed), calculate=False)
    owner = next(name for low, high, name in owners() if low <= at < high)
    assert owner in {each.member for each in verdict.problems}, (at, owner)


def test_every_byte_of_every_header_counts() -> None:
    chance = random.Random(4)
    stretches = [range(low, low + 30) for low, _high, _name in owners()]
    stretches += [range(low, high) for low, high, _name in owners()[len(ORDER) :]]
    for at in (place for stretch in stretches for place in stretch if place < len(content())):
        changed = bytearray(content())
        changed[at] ^= 1 << chance.randrange(8)
        assert archive.read(bytes(changed))[1], at


@pytest.mark.parametrize("name", ["ranks.json", "cells.csv", "scores.csv", "framework.json"])
def test_what_is_calculated_again_tells_the_byte(name: str) -> None:
    """Changed with its checksum mended, as a careful forger would."""
    held = bytearray(members()[name])
    held[41] ^= 1
    verdict = verify(archive.write(members() | {name: bytes(held)}))
    assert codes(verdict, name) == {"hash", "byte"}
    assert any(each.facts.get("at") == 41 for each in verdict.problems)


def test_a_sheet_that_is_not_what_the_inputs_score_to_is_told_by_its_byte() -> None:
    verdict = verify(rebuilt(sheet_json=sheet().replace(b'"ranks":[[', b'"ranks":[[9', 1)))
    assert {"size", "byte"} <= codes(verdict, "sheet.json")


def test_a_forger_with_a_key_of_their_own_still_has_to_score() -> None:
    """Signed and hashed again, with two cities' places exchanged in the sheet."""
    forged = sheet().replace(b'"ranks":[[1', b'"ranks":[[3', 1)
    assert forged != sheet()
    other = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
    verdict = verify(build(snapshot().bytes, forged, facts(), other).content)
    assert codes(verdict, "sheet.json") == {"rank"}
    assert codes(verdict, "ranks.json") == {"byte"}


def test_last_digits_of_another_processor_are_a_note_and_a_rank_is_not() -> None:
    exact = sheet()
    at = exact.index(b'"scores":[[') + len(b'"scores":[[')
    number = exact[at : exact.index(b",", at)]
    near = repr(float(number) * (1 + 3e-15)).encode()
    assert near != number
    moved = exact[:at] + near + exact[at + len(number) :]
    verdict = verify(build(snapshot().bytes, moved, facts(), KEY).content)
    assert verdict.holds, [str(each) for each in verdict.problems]
    assert "rounding" in {each.code for each in verdict.notes}
    far = exact[:at] + repr(float(number) * 1.001).encode() + exact[at + len(number) :]
    verdict = verify(build(snapshot().bytes, far, facts(), KEY).content)
    assert codes(verdict, "sheet.json") == {"value"}


def test_one_person_is_not_two() -> None:
    assert codes(verify(package(two_people=False).content), "manifest.json") == {"one-person"}


def test_members_added_left_out_doubled_or_reordered() -> None:
    held = members()
    added = verify(archive.write(held | {"more.txt": b"x"}), calculate=False)
    assert codes(added, "more.txt") == {"unknown"}
    less = {name: each for name, each in held.items() if name != "cells.csv"}
    assert codes(verify(archive.write(less), calculate=False), "cells.csv") == {"missing"}
    turned = dict(reversed(held.items()))
    assert "order" in codes(verify(archive.write(turned), calculate=False), "")
    with io.BytesIO(content()) as file:
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as opened:
            opened.writestr("ranks.json", b"{}")
        assert "twice" in codes(verify(file.getvalue(), calculate=False), "ranks.json")


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"PK",
        b"not a zip at all" * 100,
        b"PK\x05\x06" + bytes(18),
        b"PK\x05\x06" + b"\xff" * 18,
        b"PK\x03\x04" + b"\xff" * 200,
        content()[: len(content()) // 2],
        content()[:-1],
        content() + b"\n",
        b"\n" + content(),
    ],
)
def test_what_is_no_package_is_told_without_trouble(hostile: bytes) -> None:
    assert not verify(hostile).holds


def test_a_bomb_is_not_opened() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("manifest.json", b"0" * 50_000_000)
    verdict = verify(file.getvalue())
    assert not verdict.holds
    assert verdict.manifest is None


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"[" * 100_000,
        b"null",
        b'{"format":"yingshang-package/1"}',
        b'{"format":"yingshang-package/1","demo":NaN}',
        b'{"format":"\\ud800"}',
        b"1" * 10_000,
    ],
)
def test_a_hostile_manifest_is_told(manifest: bytes) -> None:
    verdict = verify(rebuilt(manifest_json=manifest))
    assert "manifest-unreadable" in codes(verdict, "manifest.json")


@pytest.mark.parametrize("held", [b"", b"{}", b'{"format":"yingshang-snapshot/1"}', b"[]"])
def test_a_hostile_snapshot_is_told(held: bytes) -> None:
    verdict = verify(rebuilt(snapshot_json=held))
    assert "snapshot-unreadable" in codes(verdict, "snapshot.json")
    assert "not-recomputed" in codes(verdict, "")


def test_texts_are_no_formulas() -> None:
    framework = small_framework(
        units=(*small_framework().units[:3], type(small_framework().units[0])("C4", "=1+1"))
    )
    frozen = snapshot_of("R", framework, adopted(SMALL))
    from scoring.runs.judging import score_snapshot
    from scoring.sealing.contents import derived

    made = derived(frozen, score_snapshot(frozen))
    for name in ("cells.csv", "scores.csv"):
        assert b",=1+1" not in made[name]
        assert b",'=1+1" in made[name]


SHUFFLED = """
import random, sys
from tests.scoring.sealing import sealed
from tests.scoring.runs.results import SMALL
from scoring.runs.snapshot import snapshot_of
rows = sealed.adopted(SMALL)
random.Random(int(sys.argv[1])).shuffle(rows)
sealed.snapshot = lambda: snapshot_of("R", sealed.small_framework(), rows)
print(sealed.package().sha256)
"""


@pytest.mark.parametrize(("seed", "language"), [(1, "C.UTF-8"), (2, "tr_TR.UTF-8")])
def test_row_order_locale_and_hash_seed_change_no_byte(seed: int, language: str) -> None:
    environment = os.environ | {
        "LC_ALL": language,
        "PYTHONHASHSEED": str(seed),
        "OMP_NUM_THREADS": str(seed),
        "TZ": "Pacific/Apia",
    }
    done = subprocess.run(
        [sys.executable, "-c", SHUFFLED, str(seed)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == package().sha256
