"""The border: what is refused in which words, what changes nothing, and series in all forms."""

from array import array
from hashlib import sha256
from math import exp
from typing import Any

import pytest

import joulebus_core
from joulebus_core import CoreError, Ledger, decay_q52, expand, poa_global, random_u64
from joulebus_schemas.offers import Flow, Nothing, Offer, Outcome, Storage
from joulebus_schemas.series import Each, Knots, RunLengths, constant
from tests.core.homes import PLENTY, grid, inverter, store

TICKS = 6


def home(**offers: Offer) -> dict[str, Offer]:
    return {"inverter": inverter(TICKS), "grid": grid(TICKS), **offers}


def flow(**fields: Any) -> Flow:
    return Flow(**{"want": constant(5, TICKS), **fields})


REFUSALS: dict[str, dict[str, Offer]] = {
    "can always go dark: oven wants least 5 in tick 3": home(oven=flow(least=Each(values=(0, 0, 0, 5, 0, 0)))),
    "can always go dark: oven wants most -1 in tick 0": home(oven=flow(want=constant(-2, TICKS), most=constant(-1, TICKS))),
    "oven wants 5 between 0 and 4 in tick 0": home(oven=flow(most=constant(4, TICKS))),
    "oven: want: a series covers its window of 6 ticks; this one has 5": home(oven=flow(want=constant(1, 5))),
    "oven: want: knots cover the window": home(oven=flow(want=Knots(grid_seconds=5, lead_seconds=0, milliwatts=(1, 1)))),
    "oven: want: a value lies between": home(oven=flow(want=constant(10**12 + 1, TICKS))),
    "a home has exactly one inverter; this one has 0": {"grid": grid(TICKS)},
    "a home has exactly one inverter; this one has 2: inverter, other": home(other=inverter(TICKS)),
    "a home has at most one grid; this one has 2: grid, other": home(other=grid(TICKS)),
    "heat is an account of the ledger": home(heat=Nothing()),
    "a name is a lower case letter": home(Oven=Nothing()),
    "a flow on the DC side only produces; oven could consume": home(oven=flow(side="dc")),
    "a flow with an origin only produces; oven could consume": home(oven=flow(origin="sun")),
    "the origin of mill, is no such account": home(mill=flow(want=constant(-5, TICKS), origin="grid")),
    "a carry is what is left of a joule": home(
        panel=flow(want=Knots(grid_seconds=60, lead_seconds=0, milliwatts=(0, 0), carry=120_000), side="dc")
    ),
    "the runs of a policy add up": {**home(), "inverter": inverter(TICKS + 1)},
    "a curve gives at most what it takes": {**home(), "inverter": inverter(TICKS, curve_ac_milliwatts=(0, 0, 461_000, 5_400_000))},
    "battery: most_joules lies between": home(battery=store(most_joules=2**53 - 1)),
}


@pytest.mark.parametrize("words", REFUSALS)
def test_what_must_hold_is_said_and_nothing_changes(words: str) -> None:
    ledger = Ledger("home", 0, 1)
    ledger.settle(0, TICKS, home(oven=flow()))
    before = ledger.snapshot()
    with pytest.raises(CoreError) as error:
        ledger.settle(TICKS, TICKS, REFUSALS[words])
    assert words.replace("in tick 3", "in tick 9").replace("in tick 0", "in tick 6") in str(error.value)
    assert ledger.snapshot() == before


def test_a_window_starts_where_the_last_one_ended() -> None:
    with pytest.raises(CoreError, match="starts where the last one ended, at tick 0; this one starts at tick 1"):
        Ledger("home", 0, 1).settle(1, TICKS, home())
    with pytest.raises(CoreError, match="a window has 1 to 86400 ticks"):
        Ledger("home", 0, 1).settle(0, 0, home())


def test_what_is_no_word_is_refused() -> None:
    strange: Any = {"role": "flow"}
    with pytest.raises(CoreError, match="oven: an offer is a word of joulebus_schemas"):
        Ledger("home", 0, 1).settle(0, TICKS, home(oven=strange))
    big = Flow.model_construct(**{**flow().__dict__, "shedding_priority": 2**70})
    with pytest.raises(CoreError, match="oven: shedding_priority is an integer of 64 bits"):
        Ledger("home", 0, 1).settle(0, TICKS, home(oven=big))


def test_an_outcome_is_a_word() -> None:
    settlement = Ledger("home", 0, 1).settle(0, TICKS, home(oven=flow(), battery=store(), sun=Nothing()))
    assert sorted(settlement.outcomes) == ["battery", "grid", "inverter", "oven", "sun"]
    for outcome in settlement.outcomes.values():
        assert set(outcome) == set(Outcome.model_fields)
        Outcome(**outcome)
    assert settlement.flows["battery", "loads"] == 5 * TICKS


SERIES = [
    (constant(5, 3), [5, 5, 5], 0),
    (RunLengths(run_lengths=((1, -1), (2, 4))), [-1, 4, 4], 0),
    (Each(values=(1, 2, 3)), [1, 2, 3], 0),
    (Each.model_construct(form="each", values=array("q", [1, 2, 3])), [1, 2, 3], 0),
    (array("q", [1, 2, 3]), [1, 2, 3], 0),
    (memoryview(array("q", [1, 2, 3])), [1, 2, 3], 0),
    (Knots(grid_seconds=2, lead_seconds=1, milliwatts=(0, 4_000, 4_000)), [3, 4, 4], 0),
    (Knots(grid_seconds=3, lead_seconds=0, milliwatts=(-1_000, -1_500)), [-2, -1, -1], 1_500),
]


@pytest.mark.parametrize(("series", "joules", "carry"), SERIES)
def test_series_of_all_forms_become_joules(series: Any, joules: list[int], carry: int) -> None:
    view, rest = expand(series, 3, 1)
    assert (view.format, view.itemsize, view.tolist(), rest) == ("q", 8, joules, carry)


def test_a_buffer_is_read_where_it_lies() -> None:
    numpy = pytest.importorskip("numpy")
    each = Each.model_construct(form="each", values=numpy.array([1, 2, 3], dtype=numpy.int64))
    view, _ = expand(each, 3, 1)
    assert numpy.asarray(view).tolist() == [1, 2, 3]


def test_numbers_are_the_same_everywhere() -> None:
    assert decay_q52(0, 1) == 2**52
    # A geyser's second: exp(-1 / 418600), to the last bit that a float has.
    assert decay_q52(1, 418_600_000) == round(exp(-1 / 418_600) * 2**52)
    chance = sha256(b"joulebus chance 1\n-7\noven\n2\n").digest()
    assert random_u64(-7, "oven", 2) == int.from_bytes(chance[:8], "big")
    assert joulebus_core.exp(0.0) == joulebus_core.cos(0.0) == joulebus_core.pow(2.0, 0.0) == 1.0
    assert joulebus_core.log(1.0) == joulebus_core.sin(0.0) == joulebus_core.acos(1.0) == joulebus_core.atan2(0.0, 1.0) == 0.0


def test_the_plane_of_array_is_that_of_the_vectors() -> None:
    # Day 100: 1360.79 W/m2 outside the atmosphere, as near to the vector's 1361 as a day comes.
    [day, night] = poa_global(
        [40_000_000, 90_000_000], [200_000_000] * 2, [650_000] * 2, [700_000] * 2, [114_000] * 2, 35_000, 180_000, 200_000, [100] * 2
    )
    assert day == pytest.approx(818_434.67, rel=1e-3)
    assert night == 0


def test_a_store_that_is_no_store_moves_nothing() -> None:
    empty = Storage.model_construct(
        **{**store().__dict__, "capacity_joules": 0, "most_joules": 0, "least_joules": 0, "level_microjoules": 0}
    )
    settlement = Ledger("home", 0, 1).settle(0, TICKS, home(battery=empty, oven=flow(want=constant(-PLENTY, TICKS))))
    assert settlement.outcomes["battery"]["joules_in"] == 0
