"""The cheapest use of a battery along known loads, sun and prices: a linear programme, solved by HiGHS (through SciPy).

It looks at one hour or quarter-hour after the other. Efficiencies are constant in it, and the inverter draws nothing for itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joulebus.errors import JoulebusError
from joulebus_schemas.facts import JOULES_PER_KWH


@dataclass(frozen=True, slots=True)
class Converters:
    """The battery, its inverter and the connection. Energies in J, powers in W, efficiencies as shares."""

    least_joules: float
    most_joules: float
    charge_watts_max: float
    discharge_watts_max: float
    charge_efficiency: float
    discharge_efficiency: float
    inverter_watts_max: float
    inverter_efficiency: float
    rectifier_watts_max: float
    rectifier_efficiency: float
    import_watts_max: float
    export_watts_max: float
    sells: bool = True
    """Whether the battery may feed the grid, too."""
    wear_price: float = 0.0
    """Micro-euro that the battery wears out for each kWh that comes out of it."""
    holding_price: float = 0.0
    """Micro-euro for each kWh that is in it at the end of a step: of two plans that cost the same, which charges late and serves early."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What comes, a value for each step: J of AC loads and of DC sun, and micro-euro per kWh of import and of export."""

    seconds: int
    """Length of a step."""
    loads: Sequence[float]
    sun: Sequence[float]
    import_prices: Sequence[float]
    export_prices: Sequence[float]
    months: Sequence[int] = ()
    """The month of each step, counted from 0, when the peak of each month is paid."""
    peak_price: float = 0.0
    """Micro-euro for a watt of a month's peak."""
    peak_watts_min: float = 0.0
    """Billed at least."""


@dataclass(frozen=True, slots=True)
class BatteryPlan:
    """The cheapest way, in J for each step; and what it costs."""

    from_sun: tuple[float, ...]
    """DC into the battery."""
    from_grid: tuple[float, ...]
    """AC into the rectifier."""
    discharged: tuple[float, ...]
    """DC out of the battery."""
    levels: tuple[float, ...]
    """At the end of each step."""
    imported: tuple[float, ...]
    exported: tuple[float, ...]
    micro_euro: float
    """Wear and holding included."""


_FLOWS = ("from_sun", "to_ac", "discharged", "from_grid", "imported", "exported", "level")
"""What is looked for in each step, in J; ``to_ac`` is DC of the sun into the inverter."""


def cheapest_plan(battery: Converters, coming: Prospect, level: float, worth: float) -> BatteryPlan:
    """The cheapest plan from a level on; a joule left at the end is worth so many micro-euro.

    Raises:
        JoulebusError: There is none, or the solver gives up.
    """
    eta, inside = battery.inverter_efficiency, battery.charge_efficiency
    equations, limits = _Rows(coming), _Rows(coming)
    ac = {"to_ac": eta, "discharged": eta, "imported": 1.0, "exported": -1.0, "from_grid": -1.0}
    equations.add(ac, coming.loads)
    stored = {"from_sun": -inside, "from_grid": -inside * battery.rectifier_efficiency, "discharged": 1 / battery.discharge_efficiency}
    equations.add({**stored, "level": 1.0}, [level, *[0.0] * (len(coming.loads) - 1)], before=-1.0)
    limits.add({"from_sun": 1.0, "to_ac": 1.0}, coming.sun)
    limits.add({"to_ac": eta, "discharged": eta}, battery.inverter_watts_max * coming.seconds)
    limits.add({"from_sun": 1.0, "from_grid": battery.rectifier_efficiency}, battery.charge_watts_max * coming.seconds)
    if not battery.sells:  # Only sun is given to the grid.
        limits.add({"exported": 1.0, "to_ac": -eta}, 0.0)
    if coming.months:
        limits.add({"imported": 1.0 / coming.seconds}, 0.0, month=-1.0)
    return _solved(battery, coming, (equations, limits), (level, worth))


class _Rows:
    """Rows of a linear programme: one for each step, of what is looked for in it and, where asked, in the step before or its month."""

    def __init__(self, coming: Prospect) -> None:
        import numpy as np

        self.steps, self.count = len(coming.loads), 0
        self.months = np.asarray(coming.months, int)
        self.parts: list[tuple[Any, Any, Any]] = []
        self.right: list[Any] = []

    def add(self, factors: Mapping[str, float], right: float | Sequence[float], before: float = 0.0, month: float = 0.0) -> None:
        """As many rows as steps."""
        import numpy as np

        step = np.arange(self.steps)
        rows = step + self.count
        self.parts += [(rows, step + self.steps * _FLOWS.index(name), np.full(self.steps, factor)) for name, factor in factors.items()]
        if before:
            self.parts.append((rows[1:], step[:-1] + self.steps * _FLOWS.index("level"), np.full(self.steps - 1, before)))
        if month:
            self.parts.append((rows, self.steps * len(_FLOWS) + self.months, np.full(self.steps, month)))
        self.right.append(np.broadcast_to(np.asarray(right, float), self.steps))
        self.count += self.steps

    def matrix(self, columns: int) -> Any:
        """All of them, as a sparse matrix."""
        import numpy as np
        from scipy.sparse import coo_matrix

        rows, places, factors = (np.concatenate([part[place] for part in self.parts]) for place in range(3))
        return coo_matrix((factors, (rows, places)), shape=(self.count, columns)).tocsr()


def _solved(battery: Converters, coming: Prospect, rows: tuple[_Rows, _Rows], store: tuple[float, float]) -> BatteryPlan:
    import numpy as np
    from scipy.optimize import linprog

    steps, (level, worth) = len(coming.loads), store
    place = {name: slice(number * steps, (number + 1) * steps) for number, name in enumerate(_FLOWS)}
    months = 1 + max(coming.months) if coming.months else 0
    cost, bounds = np.zeros(len(_FLOWS) * steps + months), np.zeros((len(_FLOWS) * steps + months, 2))
    cost[place["imported"]] = np.asarray(coming.import_prices, float) / JOULES_PER_KWH
    cost[place["exported"]] = -np.asarray(coming.export_prices, float) / JOULES_PER_KWH
    cost[place["discharged"]] = battery.wear_price / JOULES_PER_KWH
    cost[place["level"]] = battery.holding_price / JOULES_PER_KWH
    cost[place["level"].stop - 1] -= worth
    cost[len(_FLOWS) * steps :] = coming.peak_price
    for name, watts in (
        ("from_sun", np.inf),
        ("to_ac", np.inf),
        ("discharged", battery.discharge_watts_max),
        ("from_grid", battery.rectifier_watts_max),
        ("imported", battery.import_watts_max),
        ("exported", battery.export_watts_max),
    ):
        bounds[place[name], 1] = watts * coming.seconds
    bounds[place["level"]] = (min(battery.least_joules, level), max(battery.most_joules, level))
    bounds[len(_FLOWS) * steps :] = (coming.peak_watts_min, np.inf)
    equations, limits = rows
    right = [np.concatenate(one.right) for one in rows]
    found = linprog(cost, limits.matrix(len(cost)), right[1], equations.matrix(len(cost)), right[0], bounds, method="highs")
    if found.x is None:
        raise JoulebusError(f"there must be a plan for the battery, but the solver finds none: {found.message}")
    values = {name: tuple(map(float, found.x[place[name]])) for name in _FLOWS}
    return BatteryPlan(
        values["from_sun"],
        values["from_grid"],
        values["discharged"],
        values["level"],
        values["imported"],
        values["exported"],
        float(found.fun),
    )
