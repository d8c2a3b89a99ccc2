"""Home and cluster agree about each device, whoever has changed its mind, whatever was missed and however often all begins again."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as any_

from joulebus.provision.cluster.agreement import Accord, Move, Seen, decide

#     home runs it, replicas, agreed, what is to be done, what holds then
TABLE: list[tuple[bool, int, int | None, Move, bool]] = [
    (True, 1, 1, "none", True),
    (False, 0, 0, "none", False),
    # The home has changed its mind.
    (False, 1, 1, "scale", False),
    (True, 0, 0, "scale", True),
    # The cluster has.
    (True, 0, 1, "switch", False),
    (False, 1, 0, "switch", True),
    # Both have, and so they want the same.
    (True, 1, 0, "agree", True),
    (False, 0, 1, "agree", False),
    # Nobody has agreed upon anything yet: the home knows better.
    (True, 1, None, "agree", True),
    (True, 0, None, "scale", True),
    (False, 1, None, "scale", False),
    # A device is there once.
    (True, 3, 1, "scale", True),
    (False, 3, 0, "switch", True),
    (True, 3, 0, "scale", True),
    (False, 3, 1, "scale", False),
]


@pytest.mark.parametrize(("runs", "replicas", "agreed", "act", "then"), TABLE)
def test_who_has_changed_its_mind_is_followed(runs: bool, replicas: int, agreed: int | None, act: Move, then: bool) -> None:
    assert decide(runs, Seen(replicas, agreed)) == Accord(act, then, replicas if replicas > 1 else 0)


@pytest.mark.parametrize("runs", [True, False])
def test_what_is_gone_is_made_again(runs: bool) -> None:
    assert decide(runs, None) == Accord("make", runs)


@dataclass
class World:
    """A device, as home and cluster have it."""

    runs: bool = True
    seen: Seen | None = None

    def look(self) -> None:
        """One look of a supervisor; what it does may be the last thing that it does."""
        accord = decide(self.runs, self.seen)
        agreed = None if self.seen is None else self.seen.agreed
        if accord.act in ("make", "scale", "agree"):
            replicas = self.seen.replicas if accord.act == "agree" and self.seen else int(accord.runs)
            self.seen = Seen(replicas, int(accord.runs))
        elif accord.act == "switch":
            self.runs = accord.runs
            self.seen = Seen(self.seen.replicas if self.seen else 0, agreed)


Deed = tuple[str, int]
deeds = any_.lists(
    any_.one_of(
        any_.tuples(any_.just("look"), any_.integers(1, 3)),
        any_.tuples(any_.just("bus"), any_.integers(0, 1)),
        any_.tuples(any_.just("scale"), any_.integers(0, 4)),
        any_.tuples(any_.just("delete"), any_.just(0)),
    ),
    max_size=12,
)


def done(world: World, deed: Deed) -> None:
    what, value = deed
    if what == "look":
        for _ in range(value):
            world.look()
    elif what == "bus":
        world.runs = bool(value)
    elif what == "scale":
        world.seen = None if world.seen is None else Seen(value, world.seen.agreed)
    else:
        world.seen = None


@given(deeds)
def test_whatever_happened_both_agree_soon(past: list[Deed]) -> None:
    world = World()
    for deed in past:
        done(world, deed)
    for _ in range(3):
        world.look()
    assert world.seen == Seen(int(world.runs), int(world.runs))
    assert decide(world.runs, world.seen).act == "none"


@given(deeds, any_.sampled_from([("bus", 0), ("bus", 1), ("scale", 0), ("scale", 1), ("scale", 2)]))
def test_who_speaks_last_is_followed(past: list[Deed], last: Deed) -> None:
    world = World()
    for deed in [*past, ("look", 3), last, ("look", 3)]:
        done(world, deed)
    assert world.runs == bool(last[1])


@given(any_.lists(any_.integers(0, 4), max_size=6), any_.integers(0, 4))
def test_events_that_were_missed_change_nothing(missed: list[int], last: int) -> None:
    seen_all, seen_last = World(), World()
    for world in (seen_all, seen_last):
        done(world, ("look", 1))
    for replicas in missed:
        done(seen_all, ("scale", replicas))
        done(seen_all, ("look", 3))
        done(seen_last, ("scale", replicas))
    for world in (seen_all, seen_last):
        done(world, ("scale", last))
        done(world, ("look", 3))
    assert seen_all == seen_last
