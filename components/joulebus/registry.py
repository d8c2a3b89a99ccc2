"""All components of a home, one record each; everything that must know them is derived from here.

A new component is one file with its class and its ``build(bus, given)``, and one record in :data:`COMPONENTS`. From the record follow
``python -m joulebus.services.run``, the rights at the router, the specification, the reserved names, and how each provisioner starts it.
Classes are given by dotted name, so that reading this list costs nothing.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joulebus_schemas.facts import ACCOUNTS

EVERYBODY = "*"
"""In ``asks``: the whole home."""
METRICS_PORT = 9464
"""Where a component in a container of its own answers Prometheus; on a machine that it shares, it gets a free port."""
MODULE = "joulebus.services.run"
"""``python -m`` this, with the name of a component, starts it."""


@dataclass(frozen=True, slots=True)
class Argument:
    """What a component is told at its start. No secrets: everybody on the machine can read a command line."""

    flag: str
    help: str
    setting: str
    """Which setting of the home its value is; a setting that is None, False or absent leaves it out."""
    required: bool = False
    type: Callable[[str], Any] | None = str
    """None: a switch without a value."""
    choices: tuple[str, ...] | None = None
    default: Any = None


@dataclass(frozen=True, slots=True)
class ComponentRecord:
    """Somebody on the bus: who it is, what it may do, and how it is started."""

    name: str
    """On the bus, in the specification, and as the argument of ``joulebus.services.run``; ``device`` stands for each device."""
    classes: tuple[str, ...]
    """What it says, hears, answers and asks, as ``module:Class``; the first one says what it is."""
    build: str | None = None
    """``module:function`` of ``(bus, arguments)`` that makes it; None: it is started in another way."""
    arguments: tuple[Argument, ...] = ()
    when: str | None = None
    """The setting without which a home does not have it."""
    asks: tuple[str, ...] = ("inverter",)
    """Owners of calls that it may make, beside its own."""
    speaks_for: tuple[str, ...] = ()
    """Names below which it also publishes and answers; no device may have them."""
    sees_sessions: bool = False
    """Whether the router tells it who comes and goes."""
    is_device: bool = False
    """Whether its name is that of a device in the roster, which the ledger has an account for."""
    has_ticket: bool = True
    """Whether it signs in; who does not is a guest."""

    @property
    def is_each_device(self) -> bool:
        """Whether there is one for each device, and not one for the home."""
        return self.name == DEVICE

    def argv(self, settings: Mapping[str, object]) -> list[str]:
        """Its own command line arguments in a home with these settings."""
        words: list[str] = []
        for argument in self.arguments:
            value = settings.get(argument.setting)
            if value is None or value is False:
                continue
            words += [argument.flag] if argument.type is None else [argument.flag, str(value)]
        return words


DEVICE, INVERTER = "device", "inverter"
_STORE = "database: sqlite:///file or postgresql+psycopg://…"

COMPONENTS = (
    ComponentRecord(
        "balancer",
        ("joulebus.services.balancer:Balancer",),
        "joulebus.services.balancer:build_balancer",
        (
            Argument("--store", _STORE, "market_store", required=True),
            Argument("--market", "file with what the home file says about its market, as JSON", "market_plan", required=True),
        ),
        when="market_plan",
        speaks_for=("market",),
    ),
    ComponentRecord(
        "historian",
        ("joulebus.services.follower:Historian",),
        "joulebus.services.follower:build_historian",
        (
            Argument("--store", _STORE, "history_store", required=True),
            Argument("--keep", "how long what is kept, such as records=6h,ticks=7d,minutes=1y", "history_keep"),
        ),
        when="history_store",
    ),
    ComponentRecord(
        INVERTER,
        ("joulebus.services.hub:Hub",),
        "joulebus.services.hub:build_inverter",
        (
            Argument("--journal", "the journal of the home", "journal", required=True),
            Argument("--speed", 'simulated seconds per real second, or "flat_out"', "speed", default="1"),
            Argument("--window-seconds", "longest window, in simulated seconds", "window_seconds", type=int),
            Argument("--until-tick", "time ends before this tick", "until_tick", type=int),
            Argument("--no-historian", "do not wait for a historian", "no_historian", type=None),
            Argument("--durable", "memory: no fsync; what was settled can be lost", "durable", choices=("full", "memory"), default="full"),
        ),
        asks=(EVERYBODY,),
        speaks_for=("clock",),
        sees_sessions=True,
        is_device=True,
    ),
    ComponentRecord(
        DEVICE,
        ("joulebus.services.node:DeviceNode",),
        "joulebus.services.node:build_device",
        (
            Argument("--name", "name of the device", "name", required=True),
            Argument("--hears", "comma-separated devices whose signals it hears", "hears", default=""),
        ),
        is_device=True,
    ),
    ComponentRecord(
        "screen", ("joulebus.services.screen:Screen",), "joulebus.services.screen:build_screen", asks=("inverter", "historian", "clock")
    ),
    ComponentRecord("home", ("joulebus.services.supervisor:Supervisor", "joulebus.cli.up:Greeter"), asks=(EVERYBODY,)),
    ComponentRecord("guest", ("joulebus.cli.watching:Watcher",), asks=(EVERYBODY,), has_ticket=False),
)

BY_NAME = {component.name: component for component in COMPONENTS}
STARTABLE = {component.name: component for component in COMPONENTS if component.build is not None}
"""By ``python -m joulebus.services.run``, and so by each provisioner."""
RESERVED = ACCOUNTS.union(
    (component.name for component in COMPONENTS if not component.is_device or component.is_each_device),
    (name for component in COMPONENTS for name in component.speaks_for),
)
"""Names that no device may have. The inverter's is its own: a home has one device of this kind, and it may be called so."""


def started_with(settings: Mapping[str, object]) -> tuple[ComponentRecord, ...]:
    """The components that a home with these settings has, beside its devices; the inverter first, because the others ask it."""
    found = [one for one in STARTABLE.values() if not one.is_each_device and (one.when is None or settings.get(one.when) is not None)]
    return tuple(sorted(found, key=lambda one: (one.name != INVERTER, one.name)))


def loaded(dotted: str) -> Any:
    """What a ``module:name`` means."""
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)
