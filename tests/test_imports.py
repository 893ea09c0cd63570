"""Nothing is alive at import: no settings read, no engine made, no thread started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROBE = """
import gc, importlib, pkgutil, threading
import app, command
from sqlalchemy.engine import Engine

names = [
    each.name
    for package in ("evaluation", "surveys", "scoring", "reports")
    for each in pkgutil.walk_packages([package], f"{package}.")
]
names.remove("evaluation.migrations.env")
for name in names:
    if ".versions." not in name:
        importlib.import_module(name)
assert len(names) > 150, len(names)
assert not any(isinstance(each, Engine) for each in gc.get_objects()), "an engine"
assert threading.active_count() == 1, threading.enumerate()
"""


def test_nothing_is_alive_at_import() -> None:
    environment = os.environ | {"YINGSHANG_DEMO": "neither", "YINGSHANG_DATABASE": "nowhere://"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
