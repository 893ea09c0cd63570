"""What is filed and brought in for the rounds of the demonstration, with evidence."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from evaluation.accounts.service import principal_of
from evaluation.framework.demo_province import demo_values
from evaluation.framework.methods import FULL_FILING
from evaluation.framework.tree import Framework, Node
from evaluation.platform.audit import System
from evaluation.platform.evidence import EvidenceStore
from evaluation.rounds.models import Round
from surveys.filings import approving, attaching
from surveys.filings import rules as filing_rules
from surveys.filings import service as filings
from surveys.filings.rules import Entry
from surveys.filings.service import Change
from surveys.observations import service as observations
from surveys.observations.rules import Given

SEED = 2026
LOADER = System("demo", "system")

#: How far each city has come in the round that is collecting, by its place in the framework.
FINISHED = frozenset({0, 2, 5, 8, 12})
RETURNED = 3
#: Half filled with all its evidence: its approver may submit it, what is not filled as missing.
SUBMITTABLE = 4
SHARES = (1.0, 0.55, 1.0, 1.0, 0.62, 1.0, 0.35, 0.8, 1.0, 0.0, 0.9, 0.5, 1.0, 0.2, 0.7)

Values = Mapping[tuple[str, str], float | str | None]
Tick = Callable[[], None]


def fill_archived(session: Session, found: Round, framework: Framework) -> None:
    """Before the platform there were only results: every value was brought in by the office."""
    values = demo_values(framework, seed=SEED, round_shift=0)
    given = _given(framework, values, (node for node in framework.indicators))
    observations.record_many(session, principal_of(session, "office"), found, given)


def fill_published(
    session: Session, store: EvidenceStore, found: Round, framework: Framework, tick: Tick
) -> None:
    values = demo_values(framework, seed=SEED, round_shift=1)
    office = principal_of(session, "office")
    for unit in framework.units:
        _file(session, found, framework, values, unit.code, 1.0)
        _attach(session, store, found, framework, unit.code)
        approving.submit(session, LOADER, found, unit.code, missing_confirmed=True)
        approving.accept(session, office, found, unit.code)
        tick()
    observations.record_many(session, office, found, _collected(framework, values))


def fill_collecting(
    session: Session, store: EvidenceStore, found: Round, framework: Framework, tick: Tick
) -> None:
    values = demo_values(framework, seed=SEED, round_shift=2)
    office = principal_of(session, "office")
    for place, unit in enumerate(framework.units):
        share = SHARES[place % len(SHARES)]
        _file(session, found, framework, values, unit.code, share)
        done = place in FINISHED or place == RETURNED
        part = not done and place != SUBMITTABLE
        _attach(session, store, found, framework, unit.code, part=part)
        if done:
            approving.submit(session, LOADER, found, unit.code, missing_confirmed=True)
        if place == RETURNED:
            doubtful = [node.code for node in filing_rules.indicators(framework)][:2]
            reasons = dict.fromkeys(doubtful, "与上期相差较大，请核对并补充佐证材料。（演示）")
            approving.give_back(session, office, found, unit.code, reasons)
        tick()
    given = [each for each in _collected(framework, values) if each.method == "basic_data"]
    observations.record_many(session, office, found, given)


def _file(
    session: Session,
    found: Round,
    framework: Framework,
    values: Values,
    city: str,
    share: float,
) -> None:
    nodes = filing_rules.indicators(framework)
    nodes = nodes[: round(share * len(nodes))]
    changes = {
        node.code: Change(entry, 0)
        for node in nodes
        if (entry := _entry(values.get((city, node.code)))) is not None
    }
    if changes:
        filings.save_many(
            session, LOADER, found, city, changes, how="grid", about={"demo": "synthetic"}
        )


def _entry(value: float | str | None) -> Entry | None:
    if value is None:
        return None
    return Entry(not_applicable=True) if isinstance(value, str) else Entry(value)


def _collected(framework: Framework, values: Values) -> list[Given]:
    """What the third party collected: every value that a city does not file itself."""
    return _given(
        framework,
        values,
        (node for node in framework.indicators if FULL_FILING not in node.methods),
    )


def _given(framework: Framework, values: Values, nodes: Iterable[Node]) -> list[Given]:
    return [
        Given(
            unit.code,
            node.code,
            node.methods[0],
            None if isinstance(value, str) else value,
            isinstance(value, str),
            node.unit,
            "演示数据（虚构）",
        )
        for node in nodes
        for unit in framework.units
        if (value := values.get((unit.code, node.code))) is not None
    ]


def _attach(
    session: Session,
    store: EvidenceStore,
    found: Round,
    framework: Framework,
    city: str,
    *,
    part: bool = False,
) -> None:
    """Evidence where the framework demands it; only half of it for a city not done yet."""
    needing = [node for node in filing_rules.indicators(framework) if node.evidence_required]
    content = picture(f"DEMO  {found.code}  {city}")
    for node in needing[: len(needing) // 2] if part else needing:
        attaching.attach(
            session,
            store,
            LOADER,
            found,
            city,
            node.code,
            content,
            name=f"演示佐证-{node.code}.png",
        )


def picture(text: str) -> bytes:
    """A small picture that says it is synthetic."""
    image = Image.new("RGB", (480, 160), "#fffefb")
    draw = ImageDraw.Draw(image)
    draw.rectangle((8, 8, 471, 151), outline="#0f5c5c", width=2)
    draw.text((32, 48), "SYNTHETIC EVIDENCE", fill="#222222")
    draw.text((32, 88), text, fill="#222222")
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()
