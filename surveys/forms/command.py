"""``yingshang form``: the form doctor in the terminal, conversion, publishing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import _
from evaluation.platform.terminal import REFUSED, opened, refusals

if TYPE_CHECKING:
    from surveys.forms.doctor import Diagnosis

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
MEDIA = click.option(
    "--media", type=EXISTING, multiple=True, help="A picture or sound that questions show."
)


@click.group()
def form() -> None:
    """评价表单 · Forms: check, convert and publish XLSForm workbooks."""


@form.command()
@click.argument("files", nargs=-1, required=True, type=EXISTING)
@MEDIA
@click.option("--marked", type=OUT, help="Write the workbook back, mended and marked (one FILE).")
def check(files: Sequence[Path], media: Sequence[Path], marked: Path | None) -> None:
    """体检 · Everything wrong with the workbooks, each fault at its cell. Leaves with 1 on faults.

    No database is needed; codes of indicators are looked up when a form is uploaded.
    """
    if marked is not None and len(files) > 1:
        raise click.UsageError(_("--marked 一次只能检查一个文件。"))
    failed = False
    with refusals():
        for file in files:
            failed |= not _checked(file, media, marked)
    sys.exit(REFUSED if failed else 0)


def _checked(file: Path, media: Sequence[Path], marked: Path | None) -> bool:
    try:
        said = _examined(file, media)
    except Faulty as error:
        for fault in error.faults:
            click.echo(f"{file}: {fault}")
        return False
    for fault in said.faults:
        kind = _("错误") if fault.severity == "error" else _("提醒")
        click.echo(f"{file}: {kind} {told(fault)}")
    if marked is not None:
        from surveys.forms.marking import marked as give_back

        made = give_back(file.read_bytes(), said, name=file.name)
        if made is not None:
            marked.write_bytes(made)
            click.echo(_("已写入 {file}", file=marked))
    facts = {"file": file, "errors": len(said.errors), "warnings": len(said.warnings)}
    if said.draft is None:
        click.echo(_("{file}：{errors} 处错误，{warnings} 处提醒。", **facts))
        return False
    questions = sum(1 for _question in said.draft.document.asked())
    click.echo(
        _("{file}：没有错误，{warnings} 处提醒，{questions} 道题。", **facts, questions=questions)
    )
    return True


@form.command()
@click.argument("file", type=EXISTING)
@click.option("--out", type=OUT, required=True)
@click.option("--version", type=click.IntRange(1), default=1, help="The number in the XForm.")
@MEDIA
def convert(file: Path, out: Path, version: int, media: Sequence[Path]) -> None:
    """转换 · Write the XForm of a workbook without faults. Leaves with 2 when it has any."""
    with refusals():
        said = _examined(file, media, version)
        if said.draft is None:
            raise Faulty(said.errors)
        out.write_text(said.draft.xform, encoding="utf-8")
    click.echo(_("已写入 {file}", file=out))


@form.command()
@click.argument("file", type=EXISTING)
@click.option("--by", "username", required=True, help="User name of an office or supervisor.")
@MEDIA
def publish(file: Path, username: str, media: Sequence[Path]) -> None:
    """发布 · Upload a workbook and publish it as the next version of its form.

    The same content again is no new version. Leaves with 2 when the workbook has faults.
    """
    from evaluation.accounts.service import principal_of
    from evaluation.platform.evidence import EvidenceStore
    from surveys.forms import service
    from surveys.forms.errors import NotAnAuthor, NothingNew

    with opened() as (settings, database):
        files = EvidenceStore(settings.data / "evidence")
        given = [(each.name, each.read_bytes()) for each in media]
        try:
            with database.writing() as session:
                who = principal_of(session, username)
                if who.role not in service.AUTHORS:
                    raise NotAnAuthor(username=username)
                made = service.upload(session, files, who, file.read_bytes(), file.name, given)
                service.publish(session, who, made)
                said = {"code": made.form.code, "number": made.number, "title": made.title}
        except NothingNew as error:
            click.echo(error.explain())
            return
    click.echo(_("已发布 {code} 第 {number} 版：{title}", **said))


@form.command()
@click.option("--out", type=OUT, required=True)
def template(out: Path) -> None:
    """空白模板 · Write the empty workbook, in the terminal's language."""
    from surveys.forms.template import template as empty

    with refusals():
        out.write_bytes(empty())
    click.echo(_("已写入 {file}", file=out))


def told(fault: Fault) -> str:
    """A fault on one line: sheet, row, column, cell, what is wrong, how to mend it."""
    place = [fault.file or fault.sheet] if fault.file or fault.sheet else []
    if fault.row is not None:
        place.append(_("第 {row} 行", row=fault.row))
    if fault.column:
        place.append(_("“{column}”列", column=fault.column))
    if fault.cell:
        place.append(f"({fault.cell})")
    said = f"{fault.explain()} {fault.remedy()}".strip()
    return f"{' '.join(place)}: {said}" if place else said


def _examined(file: Path, media: Sequence[Path], version: int = 1) -> Diagnosis:
    from surveys.forms.doctor import examine

    names = [each.name for each in media]
    return examine(file.read_bytes(), file.name, version=lambda _code: version, media=names)
