"""Who goes: conflicts never, loads as even as can be, and then no face seen lately.

A first assignment is improved as long as moving visits round a ring of evaluators makes it better
(negative cycles of the residual graph), so an uneven load or a repeated face is only reported
where it cannot be helped.
"""

from __future__ import annotations

from surveys.visits.drawing.chance import Chance
from surveys.visits.drawing.inputs import Lack, Table, Warned
from surveys.visits.drawing.siting import Slot

CITY_AGAIN, SITE_AGAIN = 1, 3
_SINK = ""


def lacking(table: Table) -> list[Lack]:
    """Cities to which nobody may be sent."""
    wanted: dict[str, int] = {}
    for quota in table.inputs.quotas:
        wanted[quota.city] = wanted.get(quota.city, 0) + quota.count
    people = table.inputs.people
    return [
        Lack(
            "people",
            {
                "city": city,
                "wanted": count,
                "people": len(people),
                "conflicts": sum(city in each.conflicts for each in people),
                "elsewhere": sum(
                    city not in each.conflicts and not each.may_visit(city) for each in people
                ),
            },
        )
        for city, count in sorted(wanted.items())
        if not table.eligible(city)
    ]


class Assigning:
    """Visits and who makes them."""

    def __init__(self, table: Table, slots: list[Slot], chance: Chance) -> None:
        self.table, self.slots, self._chance = table, slots, chance
        self.load = {each.alias: 0 for each in table.inputs.people}
        self._eligible = {slot.city: table.eligible(slot.city) for slot in slots}
        self._heavy = 4 * len(slots) + 1  # an even load outweighs every repeated face
        self._seen_at = {
            site: frozenset(before.alias for before in held[-table.inputs.recent :])
            for site, held in table.before.items()
        }

    def assign(self) -> list[Warned]:
        """Give every visit an evaluator; what had to bend."""
        self._begin()
        while self._improve():
            pass
        return self._warnings()

    def again(self, slot: Slot, alias: str) -> int:
        """How unwelcome an evaluator is: seen lately in the city, or at the site itself."""
        cost = CITY_AGAIN if alias in self.table.last_visitors.get(slot.city, ()) else 0
        return cost + (SITE_AGAIN if alias in self._seen_at.get(slot.site, ()) else 0)

    def _begin(self) -> None:
        in_city: dict[tuple[str, str], int] = {}
        order = self._chance.shuffled(self.slots, "visitors", key=lambda each: each.name)
        order.sort(key=lambda each: len(self._eligible[each.city]))
        for slot in order:
            partner = slot.partner
            slot.alias = min(
                (
                    alias
                    for alias in self._eligible[slot.city]
                    if partner is None or alias != partner.alias
                ),
                key=lambda alias, slot=slot: (  # type: ignore[misc]
                    self.load[alias],
                    self.again(slot, alias),
                    in_city.get((slot.city, alias), 0),
                    self._chance.rank("visitor", slot.name, alias),
                ),
            )
            self.load[slot.alias] += 1
            in_city[slot.city, slot.alias] = in_city.get((slot.city, slot.alias), 0) + 1

    def _improve(self) -> bool:
        """Move visits along one ring that makes the whole better; False where there is none."""
        moves = self._moves()
        weight: dict[tuple[str, str], int] = {pair: cost for pair, (cost, _slot) in moves.items()}
        for alias, load in self.load.items():
            weight[alias, _SINK] = self._heavy * (2 * load + 1)
            if load:
                weight[_SINK, alias] = -self._heavy * (2 * load - 1)
        ring = _negative_cycle([_SINK, *self.load], weight)
        for pair in ring:
            if pair in moves:
                slot = moves[pair][1]
                self.load[slot.alias] -= 1
                slot.alias = pair[1]
                self.load[slot.alias] += 1
        return bool(ring)

    def _moves(self) -> dict[tuple[str, str], tuple[int, Slot]]:
        """The cheapest visit to hand from one evaluator to another, for every two of them."""
        best: dict[tuple[str, str], tuple[int, Slot]] = {}
        for slot in self.slots:
            now = self.again(slot, slot.alias)
            partner = slot.partner
            for alias in self._eligible[slot.city]:
                if alias == slot.alias or (partner is not None and partner.alias == alias):
                    continue
                cost = self.again(slot, alias) - now
                held = best.get((slot.alias, alias))
                if held is None or cost < held[0]:
                    best[slot.alias, alias] = (cost, slot)
        return best

    def _warnings(self) -> list[Warned]:
        found = []
        again = [self.again(slot, slot.alias) for slot in self.slots]
        if any(again):
            site = sum(cost >= SITE_AGAIN for cost in again)
            facts = {"visits": len(again), "city": sum(map(bool, again)) - site, "site": site}
            found.append(Warned("rotation", facts))
        loads = self.load.values()
        if loads and max(loads) - min(loads) > 1:
            found.append(Warned("load", {"least": min(loads), "most": max(loads)}))
        return found


def _negative_cycle(nodes: list[str], weight: dict[tuple[str, str], int]) -> list[tuple[str, str]]:
    """The edges of a ring whose weights add up to less than nothing; empty if there is none."""
    distance = dict.fromkeys(nodes, 0)
    came: dict[str, str] = {}
    last = None
    for _round in nodes:
        last = None
        for (source, target), cost in weight.items():
            if distance[source] + cost < distance[target]:
                distance[target] = distance[source] + cost
                came[target] = source
                last = target
        if last is None:
            return []
    assert last is not None
    for _step in nodes:
        last = came[last]
    ring = [(came[last], last)]
    while ring[-1][0] != last:
        ring.append((came[ring[-1][0]], ring[-1][0]))
    return ring
