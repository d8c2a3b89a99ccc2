"""The round of a window (ARCHITECTURE.md, The round): opened, forecast, offered, settled; and what is said beside it."""

from typing import Annotated, Any

from pydantic import Field

from joulebus_schemas.base import INTEGER_MAX, Integer, Name, Natural, Sentence, Tick, Window, Word, example
from joulebus_schemas.facts import DEVICES_MAX
from joulebus_schemas.offers import Offer, Outcome
from joulebus_schemas.roster import Change, Member, Place
from joulebus_schemas.series import RunLengths, Sampled

Signal = Annotated[RunLengths | Sampled, Field(discriminator="form")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256")]
Generation = Annotated[Natural, Field(description="of the keeper; another one has taken over when it is higher")]
Ticks = Annotated[Window, Field(description="the ticks that it is about")]

WINDOW = {"start": 3600, "ticks": 60}
EXAMPLE_CHANGE = {
    "device": "oven",
    "from_tick": 3600,
    "properties": {"setpoint_celsius": 180.0},
    "on": None,
    "added": None,
    "removed": None,
}
EXAMPLE_OPENED = {"generation": 1, "window": WINDOW, "revisions": {"sun": 0, "weather": 1800}, "changes": [EXAMPLE_CHANGE]}
EXAMPLE_OVEN = {"kind": "oven", "on": True, "hears": [], "properties": {"setpoint_celsius": 180.0}}
OUTCOME = {"joules_in": 120000, "heat_microjoules": 1800000000, "on": True}


class Opened(Word):
    """The inverter opens a window: every device of the roster offers for it."""

    model_config = example(EXAMPLE_OPENED)

    generation: Generation
    window: Ticks
    revisions: Annotated[
        dict[Name, Tick],
        Field(
            max_length=DEVICES_MAX,
            description="every device that is on and publishes signals; those of a revision before this tick are stale",
        ),
    ]
    changes: Annotated[
        tuple[Change, ...], Field(strict=False, max_length=1024, description="what is different from the window's start on")
    ] = ()


class Forecast(Word):
    """Signals for a span of ticks that may reach beyond the window: whoever hears them need not wait for the next."""

    model_config = example(
        {
            "span": {"start": 3600, "ticks": 600},
            "revision": 0,
            "signals": {
                "strength_ppm": {"form": "run_lengths", "run_lengths": [[600, 1000000]]},
                "zenith_udeg": {"form": "sampled", "grid_seconds": 300, "lead_seconds": 0, "values": [29_600_000, 29_900_000, 30_300_000]},
            },
        }
    )

    span: Ticks
    revision: Annotated[Tick, Field(description="of Opened.revisions, which these signals answer")]
    signals: Annotated[dict[Name, Signal], Field(max_length=64, description="by name; the unit is in the name")]


class Offered(Word):
    """The packet of a device for a window; its id is (home, device, window): posted twice it counts once."""

    model_config = example(
        {
            "window": WINDOW,
            "offer": {
                "role": "flow",
                "side": "ac",
                "want": {"form": "run_lengths", "run_lengths": [[60, 2000]]},
                "least": None,
                "most": None,
                "shedding_priority": 5,
                "reacts": False,
                "origin": None,
                "all_or_nothing": False,
                "due": None,
            },
            "state": {"run_seconds": 0},
            "quiet_until": None,
        }
    )

    window: Ticks
    offer: Annotated[Offer, Field(description="what it could move in each of these ticks")]
    state: Annotated[dict[str, Any], Field(description="the device's state at the window's start; kept for its restart")]
    quiet_until: Annotated[Tick | None, Field(description="it will not react to anything before this tick")] = None


FlowPair = Annotated[str, Field(max_length=65)]


class SealNote(Word):
    """A seal in short; its columns are in the journal."""

    epoch: Annotated[Natural, Field(description="quarter-hours since 1970 in UTC")]
    hash: Annotated[Hash, Field(description="of this seal, chained to the one before")]


class Settled(Word):
    """The committed and durable outcome of a window."""

    model_config = example(
        {
            "generation": 1,
            "number": 4711,
            "window": WINDOW,
            "outcomes": {"grid": {"joules_out": 120000, "import_cost_micro_euro": 10000}, "oven": OUTCOME},
            "flows": {"grid>loads": 120000},
            "seals": [{"epoch": 1980032, "hash": "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"}],
            "opened": EXAMPLE_OPENED | {"window": {"start": 3660, "ticks": 60}, "changes": []},
        }
    )

    generation: Generation
    number: Annotated[Natural, Field(description="of the record in the journal")]
    window: Annotated[Window, Field(description="the committed ticks: the window asked for, or its beginning")]
    outcomes: Annotated[dict[Name, Outcome], Field(max_length=DEVICES_MAX, description="by device; what is left out is 0, false or null")]
    flows: Annotated[dict[FlowPair, Natural], Field(max_length=64, description='J by "source>sink"')]
    seals: Annotated[tuple[SealNote, ...], Field(strict=False, max_length=86_400, description="of the epochs it completed")] = ()
    opened: Annotated[Opened | None, Field(description="the next window, when it is due at once")] = None


class Blocked(Word):
    """The clock is stopped, and why."""

    model_config = example({"tick": 3600, "seconds": 3, "waits_for": ["oven"], "cause": "waiting for oven at tick 3600"})

    tick: Annotated[Tick, Field(description="the first tick that is not settled")]
    seconds: Annotated[Natural, Field(description="for how long it has stood")]
    waits_for: Annotated[tuple[Name, ...], Field(strict=False, max_length=DEVICES_MAX, description="whose packets are missing")]
    cause: Annotated[Sentence, Field(description="in words")]


class PartTrouble(Word):
    """A part of the home ends again and again, or does so no more."""

    model_config = example(
        {"part": "balancer", "ends": 4, "text": "balancer has ended 4 times within a minute; see `joulebus logs balancer`"}
    )

    part: Annotated[Name, Field(description="its name")]
    ends: Annotated[Natural, Field(description="how often within the last minute; 0: it is over")]
    text: Annotated[Sentence, Field(description="in words, with what to do")]


class Reported(Word):
    """What a device publishes about itself, for people, at most once a second."""

    model_config = example({"tick": 3660, "state": {"run_seconds": 60}, "readings": {"power_watts": 2000}})

    tick: Annotated[Tick, Field(description="its next tick")]
    state: Annotated[dict[str, Any], Field(description="what it remembers; its kind says what")]
    readings: Annotated[dict[Name, Integer], Field(max_length=256, description="by name; the unit is in the name")]


class Kept(Word):
    """The historian has everything up to and with this record of the journal."""

    model_config = example({"number": 4711, "behind": 0, "records_a_second": 0})

    number: Annotated[Natural, Field(description="of that record")]
    behind: Annotated[Natural, Field(description="records that the journal has beyond it")] = 0
    records_a_second: Annotated[Natural, Field(description="how many it has lately kept, when it is far behind")] = 0


class PacketRefused(Word):
    """A packet that was not taken, and why; nothing in the books has changed."""

    model_config = example({"device": "oven", "tick": 3600, "reason": "oven is not in the roster of house"})

    device: Annotated[Name, Field(description="who sent it, in the router's word")]
    tick: Annotated[Tick, Field(description="the first of the packet's window")]
    reason: Annotated[Sentence, Field(description="in words")]


class Dropped(Word):
    """Events that could not be read, or whose handler failed, and that had no effect. Published at most once a second."""

    model_config = example(
        {
            "uri": "joulebus.house..offered",
            "reason": "invalid",
            "sender": "oven",
            "text": "Offered: window.ticks: Input should be greater than or equal to 1",
            "count": 3,
        }
    )

    uri: Annotated[str, Field(max_length=256, description="that was listened to; empty parts stand for any")]
    reason: Annotated[Name, Field(description="in one word: invalid, or handler")]
    sender: Annotated[str, Field(max_length=128, description="in the router's word")]
    text: Annotated[str, Field(max_length=500, description="what does not fit, field by field")]
    count: Annotated[int, Field(ge=1, le=INTEGER_MAX, description="since it was said last")]


class Resume(Word):
    """What a device needs to go on: who it is, and the last window in which it took part."""

    model_config = example(
        {
            "home": "house",
            "generation": 1,
            "start_unix_seconds": 1_782_034_200,
            "tick_seconds": 1,
            "seed": 1,
            "place": {"latitude_degrees": 50.85, "longitude_degrees": 4.35, "altitude_m": 15.0, "timezone": "Europe/Brussels"},
            "member": EXAMPLE_OVEN,
            "kinds": {},
            "next_tick": 3600,
            "last": {"start": 3540, "ticks": 60},
            "state": {"on": False, "heat_microjoules": 1800000000},
            "outcome": OUTCOME,
            "opened": EXAMPLE_OPENED,
        }
    )

    home: Annotated[Name, Field(description="name of the home")]
    generation: Generation
    start_unix_seconds: Annotated[Integer, Field(description="of the beginning of tick 0")]
    tick_seconds: Annotated[int, Field(ge=1, le=86_400, description="length of a tick in s")]
    seed: Annotated[Natural, Field(description="from which all chance of this home comes")]
    place: Annotated[Place, Field(description="where the home stands")]
    member: Annotated[Member, Field(description="with the properties of that last window")]
    kinds: Annotated[dict[Name, Name], Field(max_length=DEVICES_MAX, description="of the devices it hears")]
    next_tick: Annotated[Tick, Field(description="its next tick")]
    last: Annotated[Window | None, Field(description="None: it is new")] = None
    state: Annotated[dict[str, Any] | None, Field(description="at the start of the last window")] = None
    outcome: Annotated[Outcome | None, Field(description="what was done with its offer for the last window")] = None
    opened: Annotated[Opened | None, Field(description="the window that is open now")] = None
