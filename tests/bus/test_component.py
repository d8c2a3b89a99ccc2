"""A component declares what it says, hears, answers and asks where it does it: that is what happens on the bus, in both worlds."""

import asyncio
from dataclasses import dataclass, field
from typing import Annotated, Any

import pytest
from pydantic import Field

from joulebus.bus import INVALID, Bus, CallError, Sender
from joulebus.bus.component import Asks, Component, Listener, Says, answers, declarations_of, hears
from joulebus.bus.plain import from_plain_of_any_minor
from joulebus_schemas.base import Word
from joulebus_schemas.calls import AskDevice, AskStep, Nothingness
from joulebus_schemas.channels import EACH, Call, Event
from joulebus_schemas.rounds import Dropped, Kept, PacketRefused
from joulebus_schemas.topics import DROPPED
from tests.bus.conftest import BASE, HOME, RealWorld, World, all_join
from tests.real.raw import rogue

KEPT = Event(EACH, "kept", Kept)
SECOND = Event(EACH, "kept", PacketRefused, major=2)
ADD = Call("inverter", "add", Kept, Kept)
LATER = Call("inverter", "later", Kept, Kept)


@dataclass
class Counter(Component):
    """Counts what devices have kept."""

    part = "inverter"
    say_second = Says(SECOND)

    bus: Bus
    home: str = HOME
    heard: list[Any] = field(default_factory=list)

    @hears(KEPT)
    def on_kept(self, kept: Kept, sender: Sender) -> None:
        """A device has kept something."""
        self.heard.append((kept.number, sender.of(self.home)))

    @answers(ADD)
    def add(self, ask: Kept) -> Kept:
        """One more."""
        return Kept(number=ask.number + 1)

    @answers(LATER)
    async def add_later(self, ask: Kept, sender: Sender) -> Kept:
        """One more, in a moment."""
        await asyncio.sleep(0)
        return Kept(number=ask.number + len(sender.of(self.home) or ""))

    @answers("nothing", owner="clock")
    def nothing(self) -> Kept:
        """Nought."""
        return Kept(number=0)


@dataclass
class Device(Component):
    """Keeps things."""

    part = "device"
    say_kept = Says(KEPT)
    ask_add, ask_later = Asks(ADD), Asks(LATER)

    bus: Bus
    home: str = HOME
    friends: tuple[str, ...] = ()
    heard: list[Any] = field(default_factory=list)

    @hears(KEPT, of=lambda self: self.friends)
    def on_kept(self, kept: Kept) -> None:
        """A friend has kept something."""
        self.heard.append(kept.number)

    @hears(Event("inverter", "kept", PacketRefused, major=2))
    def on_second(self, refused: PacketRefused) -> None:
        """Another word, at an address of its own."""
        self.heard.append(refused.reason)


def met(world: World) -> tuple[Counter, Device, Device]:
    """A counter and two devices, one of which hears the other; all are there."""
    counter = Counter(world.bus("inverter"))
    oven, tv = Device(world.bus("oven")), Device(world.bus("tv"), friends=("oven",))
    for one in (counter, oven, tv):
        one.declare()
    all_join(world, counter.bus, oven.bus, tv.bus)
    return counter, oven, tv


def test_what_is_said_is_heard_by_those_who_declared_it(world: World) -> None:
    counter, oven, tv = met(world)
    oven.say_kept(Kept(number=1))
    tv.say_kept(Kept(number=2))
    world.until(lambda: len(counter.heard) == 2 and tv.heard, "all have heard")
    assert (sorted(counter.heard), tv.heard, oven.heard) == ([(1, "oven"), (2, "tv")], [1], [])


def test_a_question_has_a_typed_answer_now_or_later(world: World) -> None:
    _, oven, _ = met(world)
    assert world.outcome(oven.ask_add(Kept(number=4))) == Kept(number=5)
    assert world.outcome(oven.ask_later(Kept(number=4))) == Kept(number=8)


def test_a_question_by_name_of_a_procedure_of_another_name(world: World) -> None:
    counter, _, _ = met(world)
    assert f"{BASE}.clock.nothing" in counter.procedures()
    assert world.ask_by_name(f"{BASE}.clock.nothing") == {"number": 0, "behind": 0, "records_a_second": 0}


def test_a_later_major_version_has_an_address_of_its_own(world: World) -> None:
    counter, oven, tv = met(world)
    assert SECOND.uri(HOME, "inverter") == f"{BASE}.inverter.kept.v2"
    counter.say_second(PacketRefused(device="oven", tick=1, reason="because"))
    world.until(lambda: oven.heard and tv.heard, "both have heard")
    assert (oven.heard, tv.heard) == (["because"], ["because"])


def test_a_declared_method_stays_a_plain_method() -> None:
    counter = Counter(bus=None)  # type: ignore[arg-type]
    counter.on_kept(Kept(number=3), Sender("house/oven", 1))
    assert (counter.heard, counter.add(Kept(number=3)), counter.nothing()) == ([(3, "oven")], Kept(number=4), Kept(number=0))


def test_speech_is_sorted_and_documented() -> None:
    speech = declarations_of(Counter)
    assert speech.says == (DROPPED, SECOND)
    assert [(one.call.uri(), one.summary) for one in speech.answers] == [
        ("joulebus.{home}.clock.nothing", "Nought."),
        ("joulebus.{home}.inverter.add", "One more."),
        ("joulebus.{home}.inverter.later", "One more, in a moment."),
        ("joulebus.{home}.{device}.health", "The health of this component: whether it can do its job, and its last tick."),
    ]
    assert [(one.event, one.summary) for one in speech.hears] == [(KEPT, "A device has kept something.")]
    assert declarations_of(Device).asks == (ADD, LATER)


def broken(declare: Any) -> type[Listener]:
    """A class with one declared method."""
    return type("Broken", (Component,), {"part": "inverter", "method": declare})


def hears_something_else() -> Any:
    def method(self: Any, refused: PacketRefused) -> None: ...

    return hears(KEPT)(method)


def takes_something_else() -> Any:
    def method(self: Any, ask: AskDevice) -> Kept: ...  # type: ignore[empty-body]

    return answers(ADD)(method)


def answers_something_else() -> Any:
    def method(self: Any, ask: Kept) -> asyncio.Future[PacketRefused]: ...  # type: ignore[empty-body]

    return answers(ADD)(method)


@pytest.mark.parametrize(
    ("declare", "says"),
    [
        (hears_something_else, "method hears kept, so its hint must be Kept"),
        (takes_something_else, "method answers add, so its hint must be Kept"),
        (answers_something_else, "method answers add, so it must return Kept"),
    ],
)
def test_a_hint_that_is_another_word_is_a_bug(declare: Any, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        declarations_of(broken(declare()))


def test_an_answer_of_another_word_is_a_bug_and_is_not_sent(world: World) -> None:
    inverter, oven = world.bus("inverter"), Device(world.bus("oven"))
    inverter.register(ADD.uri(HOME), Kept, lambda word, sender: Nothingness(), Kept)
    oven.declare()
    all_join(world, inverter, oven.bus)
    error = world.outcome(oven.ask_add(Kept(number=1)))
    assert isinstance(error, CallError) and "AssertionError" in str(error)


class NewerKept(Kept):
    """What a newer minor version says."""

    colour: str = "red"


def test_fields_of_a_newer_minor_are_left_out_and_counted(world: World) -> None:
    counter, oven, tv = met(world)
    oven.say_kept(NewerKept(number=6))
    tv.say_kept(Kept(number=7))
    world.until(lambda: len(counter.heard) == 2, "both are heard")
    assert (counter.heard, counter.bus.newer, tv.bus.newer) == ([(6, "oven"), (7, "tv")], 1, 1)


def test_a_reply_of_a_newer_minor_is_read_but_a_question_is_not(world: World) -> None:
    inverter, oven = world.bus("inverter"), world.bus("oven")
    inverter.register(f"{BASE}.inverter.add", Kept, lambda word, sender: NewerKept(number=1))
    all_join(world, inverter, oven)
    assert world.outcome(oven.call(f"{BASE}.inverter.add", Kept(number=0), Kept)) == Kept(number=1)
    error = world.outcome(oven.call(f"{BASE}.inverter.add", NewerKept(number=0), Kept))
    assert (error.uri, [one["loc"] for one in error.errors], oven.newer) == (INVALID, [["colour"]], 1)


NESTED = {"steps": [{"ticks": 1, "later": 5}], "more": {"deep": 1}}


class Steps(Word):
    """Words in a word."""

    steps: Annotated[tuple[AskStep, ...], Field(strict=False)] = ()
    more: Nothingness = Nothingness()


@pytest.mark.parametrize(("message", "is_heard"), [({"steps": []}, True), (NESTED, True), ({"steps": [{"ticks": 0, "later": 5}]}, False)])
def test_leniency_is_for_unknown_fields_only_however_deep(message: dict[str, Any], is_heard: bool) -> None:
    if is_heard:
        from_plain_of_any_minor(Steps, [message], None)
        return
    with pytest.raises(CallError, match=r"steps\.0\.ticks"):
        from_plain_of_any_minor(Steps, [message], None)


@dataclass
class Watcher(Listener):
    """Watches what is dropped."""

    part = "guest"

    bus: Bus
    home: str = HOME
    seen: list[Any] = field(default_factory=list)

    @hears(DROPPED)
    def on_dropped(self, dropped: Dropped, sender: Sender) -> None:
        """Somebody could not read somebody."""
        self.seen.append((sender.of(self.home), dropped))


def test_what_is_dropped_is_told_to_a_watcher_once_a_second(real_world: RealWorld) -> None:
    counter, watcher, guest = Counter(real_world.bus("inverter")), None, real_world.guest()
    watcher = Watcher(guest)
    for one in (counter, watcher):
        one.declare()
    all_join(real_world, counter.bus, guest)
    hostile = rogue(real_world.router.access("oven"))
    for _ in range(50):
        hostile.publish(f"{BASE}.oven.kept", {"number": "much"})
    real_world.until(lambda: sum(dropped.count for _, dropped in watcher.seen) == 50, "the watcher has seen all")
    assert len(watcher.seen) <= 3
    name, dropped = watcher.seen[0]
    assert (name, dropped.uri, dropped.reason, dropped.sender) == ("inverter", f"{BASE}.oven.kept", "invalid", "house/oven")
    assert "number: must be a whole number of at least 0" in dropped.text
    assert counter.bus.refused == {(f"{BASE}..kept", "invalid"): 50}


def test_a_flood_of_different_complaints_is_cut(real_world: RealWorld) -> None:
    counter = Counter(real_world.bus("inverter"))
    counter.declare()
    for number in range(100):
        counter.bus.on_dropped[0]("uri", "invalid", Sender(f"rogue{number}", number), "x" * 10_000)
    said: list[Any] = []
    vars(counter)["dropped"] = said.append
    counter.bus.joined = True
    counter.tell_dropped()
    assert (len(said), {len(one.text) for one in said}) == (16, {500})
    counter.bus.joined = False
