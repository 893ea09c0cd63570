"""Set the project up on this machine: environment, dependencies, browser assets.

Plain Python with nothing installed. Does only what is missing, and says what it does.
``--for-tests`` adds the tools of the tests, and a browser and LibreOffice where it may;
``--for-bench`` the libraries that speeds are compared with.
"""

from __future__ import annotations

import hashlib
import locale
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
STAMP = VENV / ".set-up"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OFFICES = ("soffice", "libreoffice")


def said(english: str, chinese: str) -> str:
    """The sentence in the language of the terminal."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    spoken = next((name for name in names if name), locale.getlocale()[0] or "")
    return chinese if spoken.startswith("zh") else english


def say(english: str, chinese: str) -> None:
    """One line of what is being done."""
    print(f"· {said(english, chinese)}", flush=True)


def leave(english: str, chinese: str) -> NoReturn:
    """Stop with a plain sentence."""
    sys.exit(said(f"set-up stopped: {english}", f"准备中止：{chinese}"))


def run(*command: object, **options: object) -> bool:
    """Run a command in the project's folder; whether it ended well."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **options)  # type: ignore[call-overload]
    return bool(done.returncode == 0)


def fetch(*command: object) -> None:
    """Run a command that needs the package registry; leave with what to look at if it fails."""
    if not run(*command):
        leave(
            "the Python packages could not be fetched (the reason is above). Check the network "
            "and run the same command again; behind a mirror, set PIP_INDEX_URL to its address",
            "Python 软件包下载失败（原因见上）。请检查网络后重新执行同一命令；"
            "使用镜像的，请把 PIP_INDEX_URL 设为镜像地址",
        )


def trust_what_the_system_trusts() -> None:
    """Certificates of this machine, for every fetcher: networks with an inspecting proxy have one.

    pip reads the system's store by itself; uv and Node have to be told.
    """
    store = ssl.get_default_verify_paths().cafile
    if store:
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", store)
        os.environ.setdefault("UV_SYSTEM_CERTS", "1")


def use_the_mirror_of_pip() -> None:
    """The package index that pip was given, for uv too, which does not read pip's settings."""
    if "UV_DEFAULT_INDEX" in os.environ or "UV_INDEX_URL" in os.environ:
        return
    asked = (PYTHON, "-m", "pip", "config", "get", "global.index-url")
    found = (
        os.environ.get("PIP_INDEX_URL")
        or subprocess.run(
            [str(part) for part in asked], capture_output=True, text=True, check=False
        ).stdout.strip()
    )
    if found:
        os.environ["UV_DEFAULT_INDEX"] = found


def make_environment() -> None:
    """A virtual environment with the installer in it."""
    if not PYTHON.exists():
        version = sys.version.split()[0]
        say(
            f"making the environment in {VENV.name} with Python {version}",
            f"用 Python {version} 在 {VENV.name} 建立运行环境",
        )
        if not run(sys.executable, "-m", "venv", VENV):
            shutil.rmtree(VENV, ignore_errors=True)
            if may_install():
                install_packages("python3-venv")
            if not (may_install() and run(sys.executable, "-m", "venv", VENV)):
                leave(
                    "Python's venv module is missing: install it (Debian: python3-venv)",
                    "缺少 Python 的 venv 模块，请先安装（Debian：python3-venv）",
                )
    if not (BIN / "uv").exists():
        say("fetching the installer", "下载安装程序")
        quiet = ("-q", "--disable-pip-version-check", "--no-input", "--retries", "1")
        fetch(PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", "bootstrap.lock")


def install_dependencies(lock: Path) -> None:
    """Exactly what the lock file names, compiled once here so that every start is quick."""
    wanted = fingerprint(lock, ROOT / "pyproject.toml")
    if STAMP.exists() and wanted in STAMP.read_text().split():
        return
    say(f"installing what {lock.name} names", f"安装 {lock.name} 列出的软件包")
    use_the_mirror_of_pip()
    uv = (BIN / "uv", "pip")
    to = ("--python", PYTHON)
    fetch(*uv, "sync", "-q", *to, "--compile-bytecode", "--require-hashes", lock)
    fetch(*uv, "install", "-q", *to, "--no-deps", "--no-build-isolation", "-e", ".")
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
    named = ", ".join(packages)
    say(f"installing {named}", f"安装 {named}")
    quiet = {
        "stdout": subprocess.DEVNULL,
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    }
    update = ("apt-get", "update", "-qq")
    install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages)
    if not (run(*update, **quiet) and run(*install, **quiet)):
        leave(f"apt-get could not install {named}", f"apt-get 未能安装 {named}")


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
        say("no browser found: asking Playwright for its own", "没有浏览器，由 Playwright 下载")
        fetch(PYTHON, "-m", "playwright", "install", "chromium")
    if find(OFFICES) is None:
        say(
            "no LibreOffice found: tests that recalculate workbooks will say why they did not run",
            "没有 LibreOffice：需要重算工作簿的测试会说明为何没有执行",
        )


def main() -> None:
    """Everything that is missing."""
    for_tests = "--for-tests" in sys.argv[1:]
    trust_what_the_system_trusts()
    developed = STAMP.exists() and (BIN / "pytest").exists()
    make_environment()
    lock = "requirements-dev.lock" if for_tests or developed else "requirements.lock"
    if "--for-bench" in sys.argv[1:]:
        lock = "requirements-bench.lock"
    install_dependencies(ROOT / lock)
    if not run(PYTHON, "scripts/build_assets.py"):
        leave(
            "the browser's scripts and styles were not built (the reason is above)",
            "网页的脚本和样式没有生成（原因见上）",
        )
    if for_tests:
        prepare_tests()


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        version = sys.version.split()[0]
        sys.exit(
            said(
                f"Python 3.11 or newer is needed; this is {version}. "
                "Name another one: make demo PYTHON=python3.12",
                f"需要 Python 3.11 或更新版本，当前为 {version}。"
                "可指定另一个：make demo PYTHON=python3.12",
            )
        )
    main()
