"""``yingshang package``: verify a sealed package anywhere; check the database; the key."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from evaluation.platform.i18n import _
from evaluation.platform.terminal import REFUSED, USAGE, opened, refusals, settings_or_exit

if TYPE_CHECKING:
    from scoring.sealing.verifying import Verdict


@click.group()
def package() -> None:
    """封存包 · Sealed packages of published results."""


@package.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    "pem",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="公布的公钥 · The published public key (PEM).",
)
@click.option("--json", "as_json", is_flag=True, help="机器可读 · As JSON.")
def verify(file: Path, pem: Path | None, *, as_json: bool) -> None:
    """核验封存包，不需要数据库 · Verify a package; no database. Exit 2 where anything is wrong."""
    from scoring.sealing import keys
    from scoring.sealing.archive import MOST_BYTES
    from scoring.sealing.verifying import verify as verified

    with refusals():
        wanted = None
        if pem is not None:
            try:
                wanted = keys.key_id(keys.read_public(pem.read_bytes()))
            except ValueError:
                raise click.BadParameter(
                    _("这不是 Ed25519 公钥（PEM）。"), param_hint="--key"
                ) from None
        with file.open("rb") as held:
            content = held.read(2 * MOST_BYTES + 1)  # more than that is refused unread
        verdict = verified(content, key_id=wanted)
    if as_json:
        click.echo(json.dumps(verdict.as_mapping(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        _tell(verdict)
    if not verdict.holds:
        sys.exit(USAGE)


@package.command()
@click.argument("earlier", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("later", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="机器可读 · As JSON.")
def compare(earlier: Path, later: Path, *, as_json: bool) -> None:
    """比较两个封存包 · What differs between two packages, and what moved because of it."""
    from scoring.sealing.comparing import compare as compared
    from scoring.sealing.comparing import lines

    with refusals():
        found = compared(earlier.name, earlier.read_bytes(), later.name, later.read_bytes())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in lines(found):
        click.echo(_printable(line))


@package.command()
@click.option("--round", "code", help="轮次代码，默认全部 · Code of one round; all by default.")
@click.option("--quick", is_flag=True, help="不重新计算 · Do not score again.")
def check(code: str | None, *, quick: bool) -> None:
    """对照数据库检查封存 · Compare seals with database and files; exit 1 naming what differs."""
    import sqlalchemy as sa

    from evaluation.platform.evidence import EvidenceStore
    from evaluation.rounds import store as rounds
    from evaluation.rounds.models import Round
    from scoring.sealing import checking, store

    wrong = count = 0
    with opened() as (settings, database), database.reading() as session:
        files = EvidenceStore(settings.data / "evidence")
        some = [rounds.by_code(session, code)] if code else session.scalars(sa.select(Round)).all()
        for found in some:
            for mismatch in checking.check(session, files, found, calculate=not quick):
                wrong += 1
                said = {"round": mismatch.round, "version": mismatch.version}
                place = _("{round} 第 {version} 版", **said)
                said_of = _("{place}：{said}", place=place, said=mismatch.explain())
                click.echo(said_of, err=True)
            for version in checking.unsealed(session, found):
                click.echo(_("{round} 第 {version} 版：未封存", round=found.code, version=version))
            count += len(store.seals(session, found))
        if wrong:
            click.echo(_("共 {count} 处与封存时不同。", count=wrong), err=True)
            sys.exit(REFUSED)
        click.echo(_("{count} 个封存包与数据库、文件和审计日志一致。", count=count))


@package.command()
@click.option("--pem", is_flag=True, help="输出公钥 · Print the public key itself.")
def key(*, pem: bool) -> None:
    """公钥指纹 · Print the fingerprint of the key that seals, made if there is none yet."""
    from scoring.sealing import keys

    settings = settings_or_exit()
    with refusals():
        public = keys.signing_key(settings).public_key()
    click.echo(keys.pem_of(public), nl=False) if pem else click.echo(
        _("公钥指纹（SHA-256）：{key}", key=keys.fingerprint(keys.key_id(public)))
    )


def _tell(verdict: Verdict) -> None:
    """What was verified, never who stands where."""
    from scoring.sealing import keys

    manifest = verdict.manifest
    click.echo(_("文件 SHA-256：{sha256}", sha256=verdict.sha256))
    if manifest is not None:
        click.echo(
            _(
                "轮次 {round}，第 {version} 版，第 {run} 次计算，{moment} 封存",
                round=_printable(manifest["round.code"]),
                version=manifest["version"],
                run=manifest["run"],
                moment=_printable(manifest["sealed_at"]),
            )
        )
        click.echo(_("公钥指纹：{key}", key=keys.fingerprint(_printable(manifest["key.id"])[:64])))
        click.echo(
            _(
                "审计锚点：第 {number} 行，{digest}",
                number=manifest["audit.number"],
                digest=_printable(manifest["audit.digest"]),
            )
        )
        if manifest["previous"]:
            sha256 = _printable(str(manifest["previous"].get("sha256", "")))
            click.echo(_("更正的是这个封存包：{sha256}", sha256=sha256))
    for note in verdict.notes:
        click.echo(_("提示：{fault}", fault=_printable(str(note))))
    for problem in verdict.problems:
        click.echo(_printable(str(problem)), err=True)
    if verdict.holds:
        click.echo(
            _(
                "核验通过：签名和每个文件都与封存时相同；重新计算的 {count} 个名次逐字节一致。",
                count=verdict.ranks,
            )
        )
    else:
        click.echo(_("核验不通过：共 {count} 处。", count=len(verdict.problems)), err=True)


def _printable(text: str) -> str:
    """A foreign file's words do nothing to a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)[:400]
