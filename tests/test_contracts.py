"""The house's contracts: imports that must break, and what no file may hold."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("evaluation", "surveys", "scoring", "reports")
LONGEST = 300
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common"}
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
MAY_COMMIT = {
    "evaluation/platform/database.py",
    "evaluation/platform/sessions.py",
    "evaluation/migrations/env.py",
}
#: An address other than those where packages ask for support.
ADDRESS = re.compile(r"https?://(?!(?:www\.)?(?:opencollective|github|patreon|tidelift)\.com)")
#: A contract, the file that breaks it and the import that does.
FAULTS = (
    ("Import order is story order", "surveys/filings/rules.py", "from scoring import runs"),
    ("Import order is story order", "evaluation/rounds/rules.py", "import surveys.filings"),
    ("Import order is story order", "scoring/runs/rules.py", "import reports.model"),
    ("The scoring core is pure", "scoring/composite/rank.py", "import sqlalchemy"),
    ("The scoring core is pure", "scoring/composite/score.py", "import openpyxl"),
    ("The scoring core is pure", "scoring/raters/kappa.py", "import surveys.review.agreement"),
    ("The scoring core is pure", "scoring/audit/findings.py", "import openpyxl"),
    ("The scoring core is pure", "scoring/whatif/case.py", "from evaluation.platform import i18n"),
    (
        "The scoring core is pure",
        "scoring/composite/means.py",
        "from evaluation.framework import tree",
    ),
    ("Nobody imports app", "reports/model.py", "import app"),
    ("Nobody imports app", "evaluation/platform/clock.py", "import command"),
    (
        "The platform knows no domain slice",
        "evaluation/platform/errors.py",
        "from evaluation.accounts import roles",
    ),
)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages' Python files, to be spoilt."""
    folder = tmp_path_factory.mktemp("contracts")
    for name in PACKAGES:
        for path in (ROOT / name).rglob("*.py"):
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    for name in ("app.py", "command.py", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def lint(folder: Path) -> tuple[int, str]:
    """Exit code and words of lint-imports in *folder*."""
    call = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = subprocess.run(
        [sys.executable, "-c", call, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "", "LANG": "C.UTF-8", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def broken(said: str) -> set[str]:
    """Names of the contracts that lint-imports calls broken."""
    return set(re.findall(r"^(.+?) BROKEN(?: \(.*\))?$", said, re.M))


def test_the_code_keeps_every_contract(copied: Path) -> None:
    code, said = lint(copied)
    assert code == 0, said
    assert "0 broken" in said
    assert "4 kept" in said


@pytest.mark.parametrize(("contract", "file", "line"), FAULTS)
def test_a_forbidden_import_breaks_its_contract(
    copied: Path, contract: str, file: str, line: str
) -> None:
    path = copied / file
    whole = path.read_text("utf-8")
    path.write_text(f"{whole}\n{line}\n", "utf-8")
    try:
        code, said = lint(copied)
    finally:
        path.write_text(whole, "utf-8")
    assert code != 0, said
    assert contract in broken(said), said


def test_every_contract_has_a_fault_that_breaks_it() -> None:
    named = re.findall(r'^name = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    contracts = set(named) - {"yingshang"}
    assert contracts == {contract for contract, _file, _line in FAULTS}


@lru_cache(maxsize=1)
def tracked() -> tuple[str, ...]:
    """Tracked files, or all that are not built where there is no git."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        said = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        return tuple(name for name in said.split("\0") if name and (ROOT / name).is_file())
    built = {".venv", "node_modules", "data", "build", "dist", "__pycache__"}
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(str(path) for path in paths if not built & set(path.parts))


def source(suffix: str = ".py") -> list[str]:
    """Tracked files of our own code with *suffix*."""
    return [name for name in tracked() if name.endswith(suffix)]


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8", errors="replace")


def test_no_file_is_two_things() -> None:
    long = {
        name: count
        for name in source()
        if "migrations/versions/" not in name and (count := text_of(name).count("\n")) > LONGEST
    }
    assert not long


def test_no_file_is_a_drawer_for_everything() -> None:
    parts = {name: set(Path(name).with_suffix("").parts) for name in source()}
    assert not [name for name, said in parts.items() if said & FORBIDDEN_NAMES]


def test_commit_is_called_at_the_edge_only() -> None:
    calls = re.compile(r"\.commit\(\)")
    ours = [name for name in source() if name.split("/")[0] in (*PACKAGES, "app.py", "command.py")]
    assert len(ours) > 100
    assert {name for name in ours if calls.search(text_of(name))} <= MAY_COMMIT


def test_lock_files_name_no_registry() -> None:
    locks = [name for name in tracked() if name.endswith(".lock") or name == "package-lock.json"]
    assert {*LOCKS, "package-lock.json"} <= set(locks)
    for name in locks:
        said = text_of(name)
        assert '"resolved"' not in said, name
        assert "index-url" not in said, name
        hosts = re.findall(r"https?://([^/\s\"]+)", said)  # those who take donations
        assert not [host for host in hosts if re.search(r"npm|pypi|pypa|registry|mirror", host)]


def test_every_locked_python_package_has_a_hash() -> None:
    for name in LOCKS:
        blocks = re.split(r"\n(?=\S)", text_of(name).strip())
        assert len(blocks) > 20
        assert not [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]


def test_every_locked_browser_package_has_its_integrity() -> None:
    packages = json.loads(text_of("package-lock.json"))["packages"]
    assert not [name for name, said in packages.items() if name and "integrity" not in said]


def test_no_file_names_a_place_of_a_machine() -> None:
    places = re.compile(r"(?<![\w.])/(?:home|root(?!/it?)|Users|work|mnt)/\w|/tmp/\w+-\w")
    held = [
        f"{name}: {found.group()}"
        for name in tracked()
        if not name.startswith("tests/golden/") and (found := places.search(text_of(name)))
    ]
    assert not held


def test_nothing_reads_the_shared_folder() -> None:
    word = "work" + "/shared"
    assert not [name for name in tracked() if word in text_of(name)]
