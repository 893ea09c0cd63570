"""Two packages compared: which inputs or rules differ, and what that did to whom. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evaluation.platform.errors import Fault, Faulty
from evaluation.platform.i18n import N_, _
from scoring.runs.sheets import sheet_from_bytes
from scoring.runs.snapshot import snapshot_from_bytes
from scoring.sealing import archive
from scoring.sealing.contents import SHEET, SNAPSHOT
from scoring.sealing.note import Side, changes, told
from scoring.sealing.verifying import verify


def compare(name: str, earlier: bytes, other: str, later: bytes) -> dict[str, Any]:
    """What `note.changes` says of two packages, as plain values.

    Raises `Faulty` for a package that does not verify by its hashes and signature, or of which
    the index is another.
    """
    (version, before), (_newer, after) = _side(name, earlier), _side(other, later)
    roots = {side[0].framework.root.code for side in (before, after)}
    if len(roots) > 1:
        raise Faulty([Fault("other-index", N_("两个封存包的总指数不是同一个，不能比较。"))])
    return changes(version, before, after)


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The comparison in words, one line a fact; codes, since a package is read anywhere."""
    note = told(found, "full")
    if note is None:
        return
    yield _("改动的数据：{count} 个", count=note.changed)
    if note.method:
        yield _("评价方法有变动")
    for city, indicator in note.cells:
        yield f"  {city} × {indicator}"
    for each in note.moved:
        yield _(
            "{city}：名次 {before} → {after}，得分 {score} → {now}",
            city=each.city,
            before=_rank(each.rank_before),
            after=_rank(each.rank_after),
            score=_score(each.score_before),
            now=_score(each.score_after),
        )
        for cause in each.causes:
            where = f"{cause.city} × {cause.indicator}" if cause.indicator else _("其他改动")
            yield f"  {cause.score:+.6f}  {where}"


def _side(name: str, content: bytes) -> tuple[int, Side]:
    verdict = verify(content, calculate=False)
    if verdict.manifest is None or not verdict.holds:
        said = "".join(str(each) for each in verdict.problems[:3])
        raise Faulty(
            [Fault("not-sealed", N_("封存包核验不通过：{finding}"), "", {"finding": said}, name)]
        )
    members, _spoiled = archive.read(content)
    sides = snapshot_from_bytes(members[SNAPSHOT]), sheet_from_bytes(members[SHEET])
    return verdict.manifest["version"], sides


def _rank(rank: float | None) -> str:
    return "—" if rank is None else f"{rank:g}"


def _score(score: float | None) -> str:
    return "—" if score is None else f"{score:.6f}"
