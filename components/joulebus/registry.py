"""All components of a home, one record each, and which role each of their calls needs; the rest is derived from here.

A new component is one file with its class and its ``build(bus, given)``, and one record in :data:`COMPONENTS`. From the record follow
``python -m joulebus.services.run``, the rights at the router, the specification, the reserved names, and how each provisioner starts it.
Classes are given by dotted name, so that reading this list costs nothing.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joulebus.roles import ADMIN, COMPONENT, OPERATOR, TRADER, VIEWER, Role
from joulebus_schemas.channels import EACH, Call
from joulebus_schemas.facts import ACCOUNTS
from joulebus_schemas.market.calls import CALLS as MARKET_CALLS

PARTS = frozenset({"crossbar", "supervisor"})
"""Parts of a home that people name, though they speak under other names on the bus, or not at all."""
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
    calls: Mapping[str, Role] = field(default_factory=dict)
    """What it answers, and the role that whoever asks needs; below one of the names that it speaks for, with that name and a dot."""
    asks: tuple[str, ...] = ()
    """The calls of others that it may make; one that begins with a dot, of everybody."""
    asks_here: tuple[str, ...] = ()
    """More of them, which only processes of ours may make, and not devices of others."""
    speaks_for: tuple[str, ...] = ()
    """Names below which it also publishes and answers; no device may have them."""
    is_device: bool = False
    """Whether its name is that of a device in the roster, which the ledger has an account for."""
    has_ticket: bool = True
    """Whether it signs in; who does not is a guest."""
    starts_others: bool = False
    """Whether it is the one that starts all others, and is itself started by people."""

    @property
    def is_each_device(self) -> bool:
        """Whether there is one for each device, and not one for the home."""
        return self.name == DEVICE

    @property
    def answers(self) -> dict[str, Role]:
        """Everything it answers: its calls, and its health."""
        return {**self.calls, "health": VIEWER} if self.has_ticket else dict(self.calls)

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
_DEVICE_CALLS: dict[str, Role] = {"describe": VIEWER, "get": VIEWER, "set": OPERATOR, "state": VIEWER}
_STORE = "database: sqlite:///file or postgresql+psycopg://…"
_STORE_FILE = "instead of --store: a file that holds it, because it has a password"

COMPONENTS = (
    ComponentRecord(
        "balancer",
        ("joulebus.services.balancer:Balancer",),
        "joulebus.services.balancer:build_balancer",
        (
            Argument("--store", _STORE, "market_store"),
            Argument("--store-file", _STORE_FILE, "market_store_file"),
            Argument("--market", "file with what the home file says about its market, as JSON", "market_plan", required=True),
            Argument("--home-file", "write that file first, from this home file", "home_file"),
        ),
        when="market_plan",
        calls={f"market.{call.name}": TRADER if call.changes else VIEWER for call in MARKET_CALLS.values()},
        asks=("inverter.replay",),
        speaks_for=("market",),
    ),
    ComponentRecord(
        "historian",
        ("joulebus.services.follower:Historian",),
        "joulebus.services.follower:build_historian",
        (
            Argument("--store", _STORE, "history_store"),
            Argument("--store-file", _STORE_FILE, "history_store_file"),
            Argument("--keep", "how long what is kept, such as records=6h,ticks=7d,minutes=1y", "history_keep"),
            Argument("--home-file", "keep what is kept as long as this home file says", "home_file"),
        ),
        when="history_store",
        calls=dict.fromkeys(("changes", "cost", "decisions", "energy", "peaks", "state", "totals"), VIEWER),
        asks=("inverter.replay",),
    ),
    ComponentRecord(
        INVERTER,
        ("joulebus.services.hub:Hub", "joulebus.services.questions:Questions", "joulebus.services.arranger:Arranger"),
        "joulebus.services.hub:build_inverter",
        (
            Argument("--journal", "the journal of the home", "journal", required=True),
            Argument("--speed", 'simulated seconds per real second, or "flat_out"', "speed", default="1"),
            Argument("--window-seconds", "longest window, in simulated seconds", "window_seconds", type=int),
            Argument("--until-tick", "time ends before this tick", "until_tick", type=int),
            Argument("--no-historian", "do not wait for a historian", "no_historian", type=None),
            Argument("--durable", "memory: no fsync; what was settled can be lost", "durable", choices=("full", "memory"), default="full"),
        ),
        calls={
            **_DEVICE_CALLS,
            "balance": VIEWER,
            "change_log": OPERATOR,
            "replay": OPERATOR,
            "admit": COMPONENT,
            "change": COMPONENT,
            "dismiss": COMPONENT,
            "ready": COMPONENT,
            "resume": COMPONENT,
            "clock.get": VIEWER,
            "clock.pause": OPERATOR,
            "clock.resume": OPERATOR,
            "clock.speed": OPERATOR,
            "clock.step": OPERATOR,
            "layout.get": VIEWER,
            "layout.set": OPERATOR,
        },
        speaks_for=("clock", "layout"),
        is_device=True,
    ),
    ComponentRecord(
        DEVICE,
        ("joulebus.services.node:DeviceNode",),
        "joulebus.services.own_switch:build_any_device",
        (
            Argument("--name", "name of the device", "name", required=True),
            Argument("--folder", "of the home file; who is not the owner of the home names files below it", "folder", default="."),
            Argument("--links", "folder for names of what it opens, such as pseudo-terminals", "links"),
            Argument("--hears", "comma-separated devices whose signals it hears", "hears", default=""),
            Argument("--own-switch", "its start switches it on, and being told to end (SIGTERM) off", "own_switch", type=None),
        ),
        calls=_DEVICE_CALLS,
        asks=("home.switch", "inverter.balance", "inverter.change", "inverter.ready", "inverter.resume"),
        asks_here=("inverter.replay",),
        is_device=True,
    ),
    ComponentRecord(
        "screen",
        ("joulebus.services.screen:Screen",),
        "joulebus.services.screen:build_screen",
        calls={"snapshot": VIEWER},
        asks=("clock.get", "historian.totals", "inverter.balance", "inverter.replay", "layout.get"),
    ),
    ComponentRecord(
        "home",
        (
            "joulebus.services.supervisor:Supervisor",
            "joulebus.services.auditing:Auditing",
            "joulebus.services.homes:Homes",
            "joulebus.services.people:People",
            "joulebus.services.whatif:WhatIf",
        ),
        "joulebus.services.supervising:build",
        (
            Argument("--orders", "how the home is to live: a file with a JSON object, or - for standard input", "orders", default="-"),
            Argument("--bound", "end when standard input is closed", "bound", type=None),
            Argument("--on", "where the devices run", "on", choices=("processes", "compose", "kubernetes"), default="processes"),
            Argument("--home-file", "in containers: the home file", "home_file"),
            Argument("--pods", "in a cluster: a file with a JSON object that says how the pods of devices are to be", "pods"),
        ),
        calls={
            "add": ADMIN,
            "export": VIEWER,
            "hear": ADMIN,
            "kind": VIEWER,
            "kinds": VIEWER,
            "list": VIEWER,
            "logs": OPERATOR,
            "remove": ADMIN,
            "restart": OPERATOR,
            "status": VIEWER,
            "switch": OPERATOR,
            "access.give": ADMIN,
            "access.list": ADMIN,
            "access.revoke": ADMIN,
            "access.sessions": OPERATOR,
            "homes.copy": ADMIN,
            "homes.create": ADMIN,
            "homes.delete": ADMIN,
            "homes.export": ADMIN,
            "homes.list": VIEWER,
            "homes.start": ADMIN,
            "homes.stop": ADMIN,
            "audit.get": VIEWER,
            "audit.start": OPERATOR,
            "whatif.cancel": OPERATOR,
            "whatif.get": VIEWER,
            "whatif.list": VIEWER,
            "whatif.start": OPERATOR,
        },
        speaks_for=("access", "audit", "homes", "whatif"),
        asks=(".health", "clock.get", "inverter.admit", "inverter.balance", "inverter.dismiss"),
        starts_others=True,
    ),
    ComponentRecord(
        "guest",
        ("joulebus.cli.watching:Watcher", "joulebus.cli.up:Companion", "joulebus.cli.reader_panels:ReaderListener"),
        asks=(".health", "screen.snapshot"),
        has_ticket=False,
    ),
)

BY_NAME = {component.name: component for component in COMPONENTS}
STARTABLE = {component.name: component for component in COMPONENTS if component.build is not None}
"""Components that ``python -m joulebus.services.run``, and so each provisioner, can start."""
RESERVED = (ACCOUNTS | PARTS).union(
    (component.name for component in COMPONENTS if not component.is_device or component.is_each_device),
    (name for component in COMPONENTS for name in component.speaks_for),
)
"""Names that no device may have. The inverter's is its own: a home has one device of this kind, and it may be called so."""


OWNERS = tuple(sorted({one.name for one in COMPONENTS if not one.is_each_device}.union(*(one.speaks_for for one in COMPONENTS))))
"""Names below which there are calls and events, beside those of the devices."""


def _needs(component: ComponentRecord) -> dict[tuple[str, str], Role]:
    found: dict[tuple[str, str], Role] = {}
    for call, role in component.answers.items():
        owner, dot, name = call.partition(".")
        found[(owner, name) if dot and owner in component.speaks_for else (component.name, call)] = role
    return found


NEEDS = {key: role for component in COMPONENTS for key, role in _needs(component).items()}
"""The one table of rights: by owner (:data:`DEVICE` for each device) and call, the role that it needs."""


def need_of(call: Call[Any, Any]) -> Role:
    """The role that a call of the catalogue needs."""
    return NEEDS[(DEVICE if call.owner == EACH else call.owner, call.name)]


def started_with(settings: Mapping[str, object]) -> tuple[ComponentRecord, ...]:
    """The components that a home with these settings has, beside its devices; the inverter first, because the others ask it."""
    here = [one for one in STARTABLE.values() if not one.is_each_device and not one.starts_others]
    found = [one for one in here if one.when is None or settings.get(one.when) is not None]
    return tuple(sorted(found, key=lambda one: (one.name != INVERTER, one.name)))


def loaded(dotted: str) -> Any:
    """What a ``module:name`` means."""
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)
