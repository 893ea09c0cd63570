"""Difficulties, severities and thresholds by conditional maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.composite.problems import Problem
from scoring.composite.sheet import Bools, Floats
from scoring.raters.conditional import Batch, batches, chances, passed
from scoring.raters.design import Design
from scoring.raters.ratings import Places, RatersError

CLOSE = 1e-5  # the information is taken this near to the maximum
DONE = 1e-10  # and this near the search ends; results are kept to 8 decimals
MOST = 200
PIECE = 80  # ratings of a unit that are conditioned on their total together
REACH = 1e-5  # of the differences that give the exact information
LITTLE = 1e-4  # information: a direction known to no better than 100 logits is not known
FAR = 30.0  # logits; nothing finite lies there


@dataclass(frozen=True)
class Structure:
    """What the ratings say of items, raters and the scale, in logits, each adding up to zero.

    NaN for items and raters that had no active rating. ``covariance`` is of the three after one
    another; ``steps`` is how many evaluations of the likelihood it took.
    """

    difficulty: Floats
    severity: Floats
    thresholds: Floats
    covariance: Floats
    likelihood: float
    steps: int


def structure(design: Design) -> Structure:
    """Estimate the structure of a connected design.

    Parameters
    ----------
    design : Design

    Returns
    -------
    Structure

    Raises
    ------
    RatersError
        ``no-finite-estimate`` when the likelihood has no single maximum: there are too few
        ratings, or some group of raters or items is above another wherever the two meet.

    Notes
    -----
    Newton's steps. On the way the information is approximated by what is left after the units'
    abilities are profiled out; near the maximum it is taken exactly, from differences of the
    exact gradient, and gives the standard errors.
    """
    return _Search(design).run()


class _Search:
    """One maximisation; parameters are items, raters, thresholds without the last of each."""

    def __init__(self, design: Design) -> None:
        ratings = design.ratings
        piece, active = _pieces(design)
        self.top = design.top
        self.items, self.item = np.unique(ratings.item[active], return_inverse=True)
        self.raters, self.rater = np.unique(ratings.rater[active], return_inverse=True)
        self.units, self.unit = np.unique(piece[active], return_inverse=True)
        order = np.argsort(self.unit, kind="stable")
        self.unit, self.item, self.rater = self.unit[order], self.item[order], self.rater[order]
        self.step = design.step[active][order]
        self.all = (len(ratings.items), len(ratings.raters))
        self.parts: tuple[Batch, ...] = batches(self.unit, self.step, self.top)
        self.total = np.bincount(self.unit, weights=self.step)
        self.ability = np.zeros(len(self.units))
        self.sizes = (len(self.items), len(self.raters), self.top)
        self.spread = _spread(self.sizes)
        self.evaluations = 0

    def run(self) -> Structure:
        free = self._climb(np.zeros(self.spread.shape[1]), None, CLOSE)
        information, moved = np.zeros((0, 0)), np.inf if free.size else 0.0
        for _ in range(5):
            if moved <= CLOSE:
                break
            information = self._exact(free)
            found = self._climb(free, information, DONE)
            moved = float(np.abs(found - free).max())
            free = found
        inverse = np.linalg.inv(information) if free.size else information
        covariance = self.spread @ inverse @ self.spread.T
        return self._report(self._full(free), covariance, self._gradient(free)[0])

    def _climb(self, free: Floats, information: Floats | None, enough: float) -> Floats:
        """Newton's steps with halving, until the next would be shorter than *enough*.

        Without *information* it is approximated anew at every step.
        """
        if not free.size:
            return free
        likelihood, slope = self._gradient(free)
        for _ in range(MOST):
            step = np.linalg.solve(self._left(free) if information is None else information, slope)
            longest = float(np.abs(step).max())
            if longest > 2:
                step *= 2 / longest
            for halved in range(30):
                found = free + step / 2**halved
                higher, new = self._gradient(found)
                if higher >= likelihood - 1e-9 * max(1.0, abs(likelihood)):
                    break
            free, likelihood, slope = found, higher, new
            if float(np.abs(self._full(free)).max()) > FAR:
                break
            if longest <= enough:
                return free
        raise RatersError([Problem("ratings", "no-finite-estimate")])

    def _gradient(self, free: Floats) -> tuple[float, Floats]:
        difficulty, severity, thresholds = self._split(self._full(free))
        place = -difficulty[self.item] - severity[self.rater]
        self._settle(place, thresholds)
        chance = chances(self.ability[self.unit] + place, thresholds)
        found = passed(self.parts, chance, self.step)
        self.evaluations += 1
        over = found.expected - self.step
        said = np.array([(self.step >= h).sum() for h in range(1, self.top + 1)])
        slope = np.concatenate([
            np.bincount(self.item, weights=over, minlength=self.sizes[0]),
            np.bincount(self.rater, weights=over, minlength=self.sizes[1]),
            found.reached - said,
        ])  # fmt: skip
        return found.likelihood, (self.spread * slope[:, None]).sum(axis=0)

    def _settle(self, place: Floats, thresholds: Floats) -> None:
        """Move abilities to where the totals are expected; near is enough, they cancel."""
        height = np.arange(self.top + 1)
        for _ in range(30):
            chance = chances(self.ability[self.unit] + place, thresholds)
            mean = (chance * height).sum(axis=1)
            spread = (chance * height**2).sum(axis=1) - mean**2
            short = self.total - np.bincount(self.unit, weights=mean)
            move = short / np.maximum(np.bincount(self.unit, weights=spread), 1e-6)
            self.ability += np.clip(move, -1.0, 1.0)
            if float(np.abs(move).max()) < 1e-2:
                break

    def _left(self, free: Floats) -> Floats:
        """The information left when each unit's ability has taken its own."""
        difficulty, severity, thresholds = self._split(self._full(free))
        place = self.ability[self.unit] - difficulty[self.item] - severity[self.rater]
        chance = chances(place, thresholds)
        height = np.arange(self.top + 1)
        mean = (chance * height).sum(axis=1)
        spread = (chance * height**2).sum(axis=1) - mean**2
        above = np.cumsum(chance[:, ::-1], axis=1)[:, ::-1]
        # E[x; x >= h], and from it the covariance of the rating with reaching step h
        beyond = np.cumsum((chance * height)[:, ::-1], axis=1)[:, ::-1][:, 1:]
        above = above[:, 1:]
        with_step = beyond - mean[:, None] * above
        items, raters, top = self.sizes
        size = sum(self.sizes)
        made = np.zeros((size, size))
        item, rater = self.item, items + self.rater
        for one, two in ((item, item), (item, rater), (rater, item), (rater, rater)):
            np.add.at(made, (one, two), spread)
        for h in range(top):
            column = np.bincount(item, weights=with_step[:, h], minlength=items)
            column = np.append(column, np.bincount(self.rater, weights=with_step[:, h]))
            made[: items + raters, items + raters + h] = column
            made[items + raters + h, : items + raters] = column
            for g in range(h + 1):
                both = float((above[:, h] - above[:, h] * above[:, g]).sum())
                made[items + raters + h, items + raters + g] = both
                made[items + raters + g, items + raters + h] = both
        own = np.zeros((len(self.units), size))
        np.add.at(own, (self.unit, item), spread)
        np.add.at(own, (self.unit, rater), spread)
        for h in range(top):
            own[:, items + raters + h] = np.bincount(self.unit, weights=with_step[:, h])
        each = np.bincount(self.unit, weights=spread)
        made -= np.einsum("up,uq->pq", own / each[:, None], own)
        return np.asarray(self.spread.T @ made @ self.spread) + 1e-9 * np.eye(self.spread.shape[1])

    def _exact(self, free: Floats) -> Floats:
        made = np.empty((free.size, free.size))
        _, here = self._gradient(free)
        for at in range(free.size):
            reach = np.zeros(free.size)
            reach[at] = REACH
            made[at] = (here - self._gradient(free + reach)[1]) / REACH
        made = (made + made.T) / 2
        if not np.isfinite(made).all() or float(np.linalg.eigvalsh(made)[0]) < LITTLE:
            raise RatersError([Problem("ratings", "no-finite-estimate")])
        return made

    def _full(self, free: Floats) -> Floats:
        return np.asarray((self.spread * free).sum(axis=1))

    def _split(self, full: Floats) -> tuple[Floats, Floats, Floats]:
        items, raters, _ = self.sizes
        return full[:items], full[items : items + raters], full[items + raters :]

    def _report(self, full: Floats, covariance: Floats, likelihood: float) -> Structure:
        """Back to all items and raters, those without an active rating as NaN."""
        items, raters = self.all
        kept = np.concatenate([self.items, items + self.raters])
        kept = np.concatenate([kept, items + raters + np.arange(self.top)])
        every = np.full(items + raters + self.top, np.nan)
        every[kept] = np.round(full, 8) + 0.0
        wide = np.full((every.size, every.size), np.nan)
        wide[np.ix_(kept, kept)] = covariance
        return Structure(
            every[:items],
            every[items : items + raters],
            every[items + raters :],
            np.round(wide, 10),
            likelihood,
            self.evaluations,
        )


def _pieces(design: Design) -> tuple[Places, Bools]:
    """Which piece of its unit each rating belongs to, and which ratings inform.

    A unit of thousands of ratings is cut into pieces of at most `PIECE`, each with an ability of
    its own: that many abilities more are conditioned out, which costs hardly any information,
    and the work grows with the ratings and not with their square. The cut is by a fixed shuffle,
    so that every piece has its share of raters and items.
    """
    unit, active = design.ratings.unit, design.active.copy()
    count = np.bincount(unit[active], minlength=len(design.ratings.units))
    pieces = np.maximum(1, -(-count // PIECE))
    piece = np.concatenate([[0], np.cumsum(pieces)[:-1]])[unit]
    random = np.random.default_rng(0)
    for at in np.flatnonzero(pieces > 1).tolist():
        mine = np.flatnonzero(active & (unit == at))
        piece[mine] += random.permutation(len(mine)) % pieces[at]
    total = np.bincount(piece[active], weights=design.step[active], minlength=int(pieces.sum()))
    most = design.top * np.bincount(piece[active], minlength=int(pieces.sum()))
    active &= ((total > 0) & (total < most))[piece]  # a piece may be extreme where its unit is not
    return piece, active


def _spread(sizes: tuple[int, ...]) -> Floats:
    """From free parameters to all of them: the last of each kind makes the sum zero."""
    made = np.zeros((sum(sizes), sum(size - 1 for size in sizes)))
    row = column = 0
    for size in sizes:
        inside = slice(column, column + size - 1)
        made[row : row + size - 1, inside] = np.eye(size - 1)
        made[row + size - 1, inside] = -1.0
        row, column = row + size, column + size - 1
    return made
