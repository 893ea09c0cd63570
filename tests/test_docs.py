"""The documents tell the truth: their commands run, and nothing they should name is missing."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from command import main
from evaluation.accounts import roles
from evaluation.accounts.demo import DEMO_ACCOUNTS, PASSWORD
from evaluation.framework.demo_province import demo_framework
from evaluation.framework.methods import FULL_FILING
from evaluation.platform.i18n import english
from evaluation.platform.settings import Settings
from scoring.composite.method import SECTIONS
from surveys.observations.rules import check_value

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CHANGELOG.md"]
PAGES += sorted(DOCS.rglob("*.md"))
RUNNABLE = re.compile(r"^```console run\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
WORD = re.compile(r"\*\*([^*\n]*[\u4e00-\u9fff][^*\n]*)\*\*(?: \(([^)]+)\))?")
LARGEST_PICTURE = 200 * 1024


def name(page: Path) -> str:
    """A page as the test report calls it."""
    return page.relative_to(ROOT).as_posix()


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a block with the lines that it is said to print."""
    said = re.split(r"^\$ ", block, flags=re.MULTILINE)
    for part in filter(None, said):
        command, *output = part.splitlines()
        yield command, [line for line in output if line.strip()]


@pytest.mark.parametrize("page", [p for p in PAGES if RUNNABLE.search(p.read_text())], ids=name)
def test_commands_of_a_page_run_and_print_what_it_shows(page, tmp_path):
    """All blocks of a page run in one folder that holds the example files."""
    folder = tmp_path / "work"
    shutil.copytree(DOCS / "examples", folder)
    keep = ("HOME", "TMPDIR", "SYSTEMROOT", "USER")
    environment = {key: os.environ[key] for key in keep if key in os.environ} | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
        "YINGSHANG_DATA": str(folder / "data"),
    }
    for block in RUNNABLE.findall(page.read_text()):
        for command, output in commands(block):
            done = subprocess.run(
                ["sh", "-c", command],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=False,
                timeout=60,
            )
            printed = done.stderr + done.stdout
            assert done.returncode == 0, f"{command}\n{printed}"
            at = 0
            for line in output:
                found = printed.find(line.strip(), at)
                assert found >= 0, f"{command}\nis said to print: {line}\nprinted:\n{printed}"
                at = found + len(line.strip())


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_and_pictures_exist(page):
    for link in LINK.findall(page.read_text()):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), link
        if anchor:
            assert anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def test_pictures_are_light_and_used():
    pictures = sorted((DOCS / "pictures").iterdir())
    assert len(pictures) >= 3
    readmes = [page.read_text() for page in PAGES[:2]]
    for picture in pictures:
        assert picture.stat().st_size < LARGEST_PICTURE, picture.name
        assert all(f"docs/pictures/{picture.name}" in readme for readme in readmes), picture.name


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_words_of_the_interface_are_the_interfaces(page):
    """A bold Chinese word is a message of ours; English in brackets after it is its translation."""
    known = english()
    for said, meant in WORD.findall(page.read_text()):
        if "`" in said:
            continue  # an account and its role
        assert said in known, f"no page says “{said}”"
        if meant:
            assert known[said].lower() == meant.lower(), said


def leaves(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command below *group*, by what is typed."""
    context = click.Context(group)
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        assert command is not None
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield " ".join((*words, word)), command
            yield from leaves(command, (*words, word))
        else:
            yield " ".join((*words, word)), command


def test_every_command_and_option_is_documented():
    text = (DOCS / "cli.md").read_text()
    sections = dict(re.findall(r"^## `yingshang ([^`]+)`\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    real = dict(leaves(main))
    assert sorted(sections) == sorted(real)
    for command, body in sections.items():
        options = {
            max(parameter.opts, key=len)
            for parameter in real[command].params
            if isinstance(parameter, click.Option)
        }
        assert set(re.findall(r"^\| `(--[\w-]+)", body, re.M)) == options, command
        arguments = [p for p in real[command].params if isinstance(p, click.Argument)]
        for argument in arguments:
            assert f"`{argument.human_readable_name}" in body, (command, argument.name)


def test_every_setting_is_documented_with_its_default():
    source = (ROOT / "evaluation" / "platform" / "settings.py").read_text()
    named = dict(re.findall(r'(\w+)=.*?"(YINGSHANG_\w+)"', source)) | {"data": "YINGSHANG_DATA"}
    assert set(named.values()) == set(re.findall(r"YINGSHANG_[A-Z_]+", source))
    rows = dict(
        re.findall(r"^\| `(YINGSHANG_\w+)` \| (.*?) \|", (DOCS / "operations.md").read_text(), re.M)
    )
    assert set(rows) == set(named.values())
    for field in fields(Settings):
        if field.default not in (field.default_factory, "") and not isinstance(field.default, bool):
            if field.name in ("data", "database", "secret"):
                continue
            assert rows[named[field.name]] == f"`{field.default}`", field.name


def method_rows() -> dict[tuple[str, str], tuple[str, str]]:
    """Allowed values and default of every key in the analyst's page."""
    text = (DOCS / "analyst.md").read_text()
    found = {}
    for section, body in re.findall(r"^### `\[(\w+)\]`\n(.*?)(?=^#)", text, re.M | re.S):
        for key, allowed, default in re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|", body, re.M):
            found[section, key] = (allowed, default)
    return found


def test_every_key_of_the_method_is_documented_with_what_it_allows():
    rows = method_rows()
    real = {(name, item.name): item for name, kind in SECTIONS.items() for item in fields(kind)}
    assert set(rows) == set(real)
    for (section, key), item in real.items():
        allowed, default = rows[section, key]
        if item.default is None:
            assert default == "absent", (section, key)
        else:
            said = tomllib.loads(f"x = {default.strip('`')}")["x"]
            assert (tuple(said) if isinstance(said, list) else said) == item.default, key
        for wrong in ("\0", ["\0"]):
            problem = item.metadata["check"](key, wrong)[1]
            for value in problem.facts.get("allowed", ()) if problem else ():
                assert f"`{value}`" in allowed or allowed == "list of the same", (section, key)


def test_examples_shown_are_the_files():
    text = (DOCS / "analyst.md").read_text()
    for file in ("framework.csv", "values.csv", "method.toml"):
        assert (DOCS / "examples" / file).read_text() in text, file
    listed = (DOCS / "examples" / "README.md").read_text()
    for path in (DOCS / "examples").iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in listed, path.name


def test_the_filing_of_the_tour_fits_the_demonstration():
    """It fills every indicator that cities file, so that nobody has to be waited for."""
    framework = demo_framework()
    filed = [node for node in framework.indicators if FULL_FILING in node.methods]
    with (DOCS / "examples" / "demo-filing.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["city", "name", *(node.code for node in filed)]
    assert [row[0] for row in rows] == [unit.code for unit in framework.units]
    for row in rows:
        for node, cell in zip(filed, row[2:], strict=True):
            absent = cell == "不适用"
            value = None if absent else float(cell)
            assert not list(check_value(node, value, not_applicable=absent)), (row[0], node.code)


def test_readmes_name_the_targets_accounts_and_roles():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
    for readme in (page.read_text() for page in PAGES[:2]):
        used = set(re.findall(r"make ([a-z][\w-]*)", re.sub(r"[^`\n]*$", "", readme)))
        in_code = set(re.findall(r"`make ([\w-]+)`", readme)) | set(
            re.findall(r"^make ([\w-]+)", readme, re.M)
        )
        assert in_code <= targets
        assert {"demo", "test"} <= in_code <= used
        assert PASSWORD in readme
        for account in DEMO_ACCOUNTS:
            assert f"`{account.username}`" in readme, account.username
        for role in roles.ROLES:
            assert f"docs/roles/{role}.md" in readme or f"docs/zh/{role}.md" in readme


def test_every_decision_is_listed():
    listed = (DOCS / "adr" / "README.md").read_text()
    numbered = sorted((DOCS / "adr").glob("0*.md"))
    assert [int(path.name[:4]) for path in numbered] == list(range(1, len(numbered) + 1))
    for path in numbered:
        assert f"]({path.name})" in listed, path.name
