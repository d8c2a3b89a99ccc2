"""What can be asked, and the answers: of any device, of the home, of the clock, of the keeper."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from joulebus_schemas.base import Integer, Name, Natural, Sentence, Tick, Word, example
from joulebus_schemas.facts import DEVICES_MAX
from joulebus_schemas.roster import By, Member
from joulebus_schemas.rounds import Hash

NameList = Annotated[tuple[Name, ...], Field(strict=False, max_length=DEVICES_MAX)]
Uri = Annotated[str, Field(max_length=256)]
DeviceName = Annotated[Name, Field(description="name of a device")]
RUNNING: dict[str, Any] = {
    "state": "running",
    "replicas": 1,
    "pid": 4711,
    "since": "2026-06-21T11:00:00Z",
    "restarts": 0,
    "alive": True,
    "ready": True,
    "tick": 3600,
    "cause": None,
    "lag_ticks": 0,
    "memory_bytes": 52_000_000,
    "dropped": 0,
}
BY = {
    "principal": "house/~anna",
    "role": "operator",
    "call": "joulebus.house.oven.set",
    "arguments": {"setpoint_celsius": 180.0},
    "through": "oven",
}
EXAMPLE_MEMBER = {"kind": "oven", "on": True, "hears": [], "properties": {"setpoint_celsius": 180.0}}


class Nothingness(Word):
    """A call without arguments."""

    model_config = example({})


class Fields(Word):
    """Any fields: the properties of a device, which its kind knows; asked, those that are to change."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [{"setpoint_celsius": 180.0}]})

    @property
    def fields(self) -> dict[str, Any]:
        """What was given."""
        return dict(self.model_extra or {})


# Of a device


class Description(Word):
    """What a device is, and which calls it answers."""

    model_config = example(
        {
            "name": "kettle",
            "kind": "appliance",
            "summary": "any load with a power and daily timers",
            "hears": [],
            "signals": [],
            "properties": {"type": "object", "properties": {"power_watts": {"type": "integer", "minimum": 0}}},
            "procedures": ["joulebus.house.kettle.get", "joulebus.house.kettle.set"],
        }
    )

    name: DeviceName
    kind: Annotated[Name, Field(description="what it is, as home files say it")]
    summary: Annotated[Sentence, Field(description="the kind in one line")]
    hears: Annotated[NameList, Field(description="devices whose signals it uses")]
    signals: Annotated[NameList, Field(description="names of its own signals")]
    properties: Annotated[dict[str, Any], Field(description="JSON Schema of its properties: unit, limits, default, help")]
    procedures: Annotated[
        tuple[Annotated[str, Field(max_length=256)], ...],
        Field(strict=False, max_length=256, description="URIs of what can be asked of it"),
    ]


class Accepted(Word):
    """A change was taken; it holds from this tick on."""

    model_config = example({"device": "oven", "from_tick": 3600, "properties": {"setpoint_celsius": 180.0}, "on": None})

    device: DeviceName
    from_tick: Annotated[Tick, Field(description="the first tick in which it holds")]
    properties: Annotated[dict[str, Any] | None, Field(description="all properties that were given, when some changed")] = None
    on: Annotated[bool | None, Field(description="whether it is switched on, when that changed")] = None


# Of the home


class AskDevice(Word):
    """A device by name."""

    model_config = example({"name": "oven"})

    name: DeviceName


class AskSwitch(Word):
    """Switch a device on or off."""

    model_config = example({"name": "oven", "on": False})

    name: DeviceName
    on: Annotated[bool, Field(description="true starts its process, false ends it")]


class AskAdd(Word):
    """A new device."""

    model_config = example({"name": "kettle", "kind": "appliance", "properties": {"power_watts": 2000}, "hears": None})

    name: Annotated[Name, Field(description="a name that is free in this home")]
    kind: Annotated[Name, Field(description="what it is; home.kinds lists what there is")]
    properties: Annotated[dict[str, Any], Field(description="what differs from the defaults of the kind")] = Field(default_factory=dict)
    hears: Annotated[NameList | None, Field(description="devices whose signals it uses; left out: all that its kind needs")] = None


class AskHear(Word):
    """Others whose signals a device uses from now on."""

    model_config = example({"name": "panel_south", "hears": ["sun"]})

    name: DeviceName
    hears: Annotated[NameList, Field(description="devices whose signals it uses; all of them, and no others")]


class Listing(Word):
    """The devices of a home."""

    model_config = example({"home": "house", "tick": 3600, "devices": {"oven": EXAMPLE_MEMBER}})

    home: Annotated[Name, Field(description="name of the home")]
    tick: Annotated[Tick, Field(description="the first tick that is not settled")]
    devices: Annotated[dict[Name, Member], Field(max_length=DEVICES_MAX, description="by name")]


class Exported(Word):
    """The home as a home file."""

    model_config = example({"yaml": "joulebus: 1\nname: house\n"})

    yaml: Annotated[str, Field(max_length=500_000, description="a home file from which the home can be started again")]


class Health(Word):
    """How a component does: whoever answers is alive."""

    model_config = example(
        {"component": "oven", "alive": True, "ready": False, "tick": 3600, "cause": "oven waits for the keeper of house"}
    )

    component: Annotated[str, Field(max_length=256, description="its name on the bus")]
    alive: Annotated[bool, Field(description="always true: a component that is not alive does not answer")] = True
    ready: Annotated[bool, Field(description="whether it can do its job at this moment")]
    tick: Annotated[Tick | None, Field(description="the first tick that it has not seen settled; left out when it has seen none")] = None
    cause: Annotated[Sentence | None, Field(description="why it is not ready")] = None


PartState = Literal["running", "starting", "stopped", "ended", "outside"]


class PartStatus(Word):
    """The state of a part of a home: its process or pod, and the health that it reports."""

    model_config = example(RUNNING)

    state: Annotated[PartState, Field(description="starting: it should run and does not yet, or not again; outside: others run it")]
    replicas: Annotated[int, Field(ge=0, le=1, description="how many of it there should be")]
    pid: Annotated[Natural | None, Field(description="of its process, when it runs on this machine")] = None
    since: Annotated[str | None, Field(max_length=40, description="when it was last started, ISO 8601 in UTC")] = None
    restarts: Annotated[Natural, Field(description="how often it has ended without being told to")] = 0
    alive: Annotated[bool, Field(description="whether it answers; the router does if this answer arrives")]
    ready: Annotated[bool, Field(description="whether it can do its job")]
    tick: Annotated[Tick | None, Field(description="the first tick that it has not seen settled")] = None
    cause: Annotated[Sentence | None, Field(description="why it is not ready")] = None
    lag_ticks: Annotated[Natural | None, Field(description="how far it is behind the home")] = None
    memory_bytes: Annotated[Natural | None, Field(description="resident memory of its process, when it runs on this machine")] = None
    dropped: Annotated[Natural, Field(description="messages that it has dropped since the home is up")] = 0


class HomeStatus(Word):
    """The state of all parts of a home."""

    model_config = example({"home": "house", "tick": 3600, "parts": {"oven": RUNNING}})

    home: Annotated[Name, Field(description="name of the home")]
    tick: Annotated[Tick, Field(description="the first tick that is not settled")]
    parts: Annotated[
        dict[Name, PartStatus],
        Field(max_length=DEVICES_MAX + 16, description="by name: devices, inverter, historian, balancer, crossbar, supervisor"),
    ]


class Restarted(Word):
    """A part is being restarted."""

    model_config = example({"name": "oven"})

    name: Annotated[Name, Field(description="name of the part")]


# Of the clock


class AskStep(Word):
    """Advance by a number of ticks, then pause."""

    model_config = example({"ticks": 60})

    ticks: Annotated[int, Field(ge=1, le=86_400, description="how many")] = 1


Speed = Annotated[float, Field(gt=0, le=1e9)] | Literal["flat_out"]


class AskSpeed(Word):
    """How fast time goes."""

    model_config = example({"speed": 60.0})

    speed: Annotated[Speed, Field(description='simulated seconds per real second, or "flat_out"')]


class ClockState(Word):
    """Where time is, how fast it goes, and who holds it up."""

    model_config = example(
        {
            "tick": 3600,
            "time": "2026-06-21T11:00:00Z",
            "timezone": "Europe/Brussels",
            "tick_seconds": 1,
            "speed": 60.0,
            "paused": False,
            "lag_ticks": 120,
            "slowest": "oven",
            "waits_for": ["oven"],
            "cause": "waiting for oven at tick 3600",
            "historian_behind": 0,
            "historian_records_a_second": 0,
        }
    )

    tick: Annotated[Tick, Field(description="the first tick that is not settled")]
    time: Annotated[str, Field(max_length=40, description="of that tick, ISO 8601 in UTC")]
    timezone: Annotated[str, Field(max_length=64, description="IANA name of the place's, for views")] = "UTC"
    tick_seconds: Annotated[int, Field(ge=1, le=86_400, description="length of a tick in s")]
    speed: Annotated[Speed, Field(description='simulated seconds per real second, or "flat_out"')]
    paused: Annotated[bool, Field(description="whether somebody has paused the clock")]
    lag_ticks: Annotated[Natural, Field(description="ticks that are due and not settled")]
    slowest: Annotated[Name | None, Field(description="whose packets came last, when there is lag")] = None
    waits_for: Annotated[NameList, Field(description="whose packets are missing")] = ()
    cause: Annotated[Sentence | None, Field(description="why the clock is stopped although it should run")] = None
    historian_behind: Annotated[Natural, Field(description="records that the historian lacks while it is rebuilt; 0: it follows")] = 0
    historian_records_a_second: Annotated[Natural, Field(description="how many it has lately kept while it is rebuilt")] = 0


# Of the keeper (the inverter's process), for components


class AskChange(Word):
    """A device has accepted new properties; from which tick do they hold?"""

    model_config = example({"device": "oven", "properties": {"setpoint_celsius": 180.0}, "by": BY})

    device: DeviceName
    properties: Annotated[dict[str, Any], Field(description="those that change")]
    by: Annotated[By | None, Field(description="who asked the device; left out: it changes by itself")] = None


class AskAdmit(Word):
    """The home wants a device to join: it is expected, and belongs to the roster once it is ready."""

    model_config = example({"device": "oven", "member": EXAMPLE_MEMBER, "by": BY})

    device: DeviceName
    member: Annotated[Member, Field(description="what it is; a device that was switched off keeps what it was")]
    by: Annotated[By | None, Field(description="who asked the home")] = None


class AskDismiss(Word):
    """The home wants a device to leave at the next tick that can still be changed."""

    model_config = example({"device": "oven", "remove": False, "by": BY})

    device: DeviceName
    remove: Annotated[bool, Field(description="for good; else it is switched off")] = False
    by: Annotated[By | None, Field(description="who asked the home")] = None


class AskReplay(Word):
    """Records of the journal from this number on."""

    model_config = example({"first": 4711, "most": 64})

    first: Annotated[Natural, Field(description="number of the first record")]
    most: Annotated[int, Field(ge=1, le=1_000, description="how many at most")] = 64


class Replay(Word):
    """Records of the journal, as they are in its frames; fewer than were asked for when they are large."""

    model_config = example({"first": 4711, "last_number": 4711, "payloads": ["eyJyZWNvcmQiOiJ3b2tlbiIsImdlbmVyYXRpb24iOjJ9"]})

    first: Annotated[Natural, Field(description="number of the first of these records")]
    last_number: Annotated[Natural, Field(description="of the last record that there is")]
    payloads: Annotated[
        tuple[Annotated[str, Field(max_length=1 << 20)], ...], Field(strict=False, max_length=1_000, description="of the frames, base64")
    ]


class Balance(Word):
    """The state of a home, for views that join later."""

    model_config = example(
        {
            "tick": 3600,
            "time": "2026-06-21T11:00:00Z",
            "generation": 1,
            "record": 4711,
            "start_unix_seconds": 1_782_034_200,
            "roster": {"oven": EXAMPLE_MEMBER},
            "balances": {"grid": -7_200_000, "oven": 7_200_000},
            "levels": {"battery": 21_600_000},
            "head": "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
            "decision": "The grid serves the home with 2.00 kW.",
        }
    )

    tick: Annotated[Tick, Field(description="the first tick that is not settled")]
    time: Annotated[str, Field(max_length=40, description="of that tick, ISO 8601 in UTC")]
    generation: Annotated[Natural, Field(description="of the keeper")]
    record: Annotated[Natural, Field(description="number of the last record of the journal")]
    start_unix_seconds: Annotated[Integer, Field(description="of the beginning of tick 0")]
    roster: Annotated[dict[Name, Member], Field(max_length=DEVICES_MAX, description="who belongs to the home, with all promised changes")]
    balances: Annotated[
        dict[Annotated[str, Field(max_length=64)], Integer],
        Field(max_length=3 * DEVICES_MAX, description="J by account since the start; they sum to 0"),
    ]
    levels: Annotated[dict[Name, Natural], Field(max_length=DEVICES_MAX, description="J in each store, at that tick")] = Field(
        default_factory=dict
    )
    head: Annotated[Hash, Field(description="of the last seal; zeros before the first")]
    decision: Annotated[Sentence, Field(description="what the inverter did last, in words")]
