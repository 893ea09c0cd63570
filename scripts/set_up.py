"""Set the project up on this machine: environment, dependencies, browser assets.

Plain Python with nothing installed. Does only what is missing, and says what it does.
``--for-tests`` adds the tools of the tests, and a browser and LibreOffice where it may.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
STAMP = VENV / ".set-up"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICES = ("soffice", "libreoffice")


def say(text: str) -> None:
    """One line of what is being done."""
    print(f"· {text}", flush=True)


def run(*command: object, **options: object) -> None:
    """Run a command; leave with a plain sentence when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(f"set-up stopped: {' '.join(map(str, command))} ended with {done.returncode}")


def make_environment() -> None:
    """A virtual environment with the installer in it."""
    if not PYTHON.exists():
        say(f"making the environment in {VENV.name} with Python {sys.version.split()[0]}")
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], cwd=ROOT, check=False)
        if made.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            if not may_install():
                sys.exit("Python's venv module is missing: install it (Debian: python3-venv)")
            install_packages("python3-venv")
            run(sys.executable, "-m", "venv", VENV)
    if not (BIN / "uv").exists():
        say("fetching the installer")
        quiet = ("-q", "--disable-pip-version-check", "--no-input")
        run(PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", "bootstrap.lock")


def install_dependencies(lock: Path) -> None:
    """Exactly what the lock file names, then the project itself."""
    wanted = fingerprint(lock, ROOT / "pyproject.toml")
    if STAMP.exists() and wanted in STAMP.read_text().split():
        return
    say(f"installing what {lock.name} names")
    uv = (BIN / "uv", "pip")
    to = ("--python", PYTHON)
    run(*uv, "sync", "-q", *to, "--require-hashes", lock)
    run(*uv, "install", "-q", *to, "--no-deps", "--no-build-isolation", "-e", ".")
    STAMP.write_text(wanted)


def fingerprint(*paths: Path) -> str:
    """A name for the content of *paths*."""
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def find(names: tuple[str, ...]) -> str | None:
    """The first of *names* that this machine has."""
    return next((path for name in names if (path := shutil.which(name))), None)


def may_install() -> bool:
    """Whether this is root on a Debian-like machine."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_packages(*packages: str) -> None:
    """Install Debian packages."""
    say(f"installing {', '.join(packages)}")
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    }
    run("apt-get", "update", "-qq", **quiet)
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, **quiet)


def prepare_tests() -> None:
    """A browser and an office program: the system's, Debian's when root, else the browser's own."""
    missing = []
    if find(BROWSERS) is None:
        missing.append("chromium")
    if find(OFFICES) is None:
        missing.append("libreoffice-calc")
    if missing and may_install():
        install_packages(*missing, "fonts-noto-cjk", "poppler-utils")
    elif "chromium" in missing:
        say("no browser found: asking Playwright for its own")
        run(PYTHON, "-m", "playwright", "install", "chromium")
    if find(OFFICES) is None:
        say("no LibreOffice found: tests that recalculate workbooks will say why they did not run")


def main() -> None:
    """Everything that is missing."""
    for_tests = "--for-tests" in sys.argv[1:]
    developed = STAMP.exists() and (BIN / "pytest").exists()
    make_environment()
    lock = "requirements-dev.lock" if for_tests or developed else "requirements.lock"
    install_dependencies(ROOT / lock)
    run(PYTHON, "scripts/build_assets.py")
    if for_tests:
        prepare_tests()


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    main()
