"""Evidence lost or spoilt on the disk: told on the page, never a bug, never handed out."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.platform.settings import Settings
from tests.abuse.world import OWN, SHOWN, World


def spoil(settings: Settings, how: str) -> None:
    for path in sorted((settings.data / "evidence").rglob("*")):
        if path.is_file():
            _spoil(path, how)


def _spoil(path: Path, how: str) -> None:
    if how == "lost":
        path.unlink()
    else:
        path.write_bytes(b"x" + path.read_bytes()[1:])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("how", ["lost", "altered"])
def test_pages_over_spoilt_files_say_so(
    world: World, settings: Settings, how: str, language: str
) -> None:
    spoil(settings, how)
    filing = f"/rounds/OPEN/filing/{OWN}"
    upload, number = world.uploads[OWN], world.evidence[OWN]
    asked = [
        ("clerk", "GET", f"{filing}/uploads/{upload}"),
        ("clerk", "GET", f"{filing}/uploads/{upload}/marked.xlsx"),
        ("clerk", "POST", f"{filing}/uploads/{upload}/commit"),
        ("clerk", "GET", f"{filing}/evidence/{number}"),
        ("office", "GET", f"/rounds/OPEN/observations/uploads/{world.values_upload}/full_filing"),
        ("leader", "GET", f"/rounds/{SHOWN}/ranking"),
        ("office", "GET", f"/rounds/{SHOWN}/ranking.xlsx"),
    ]
    for role, method, path in asked:
        answer = world.ask(role, method, path, headers={"accept-language": language})
        assert answer.status_code == 410, (path, answer.status_code)
        word = "丢失或损坏" if language == "zh-CN" else "missing from storage or damaged"
        assert word in answer.text, path
        assert "Traceback" not in answer.text
        assert str(settings.data) not in answer.text
    assert world.ask("clerk", "GET", filing).status_code == 200
    assert world.ask("office", "GET", "/health").status_code == 200
