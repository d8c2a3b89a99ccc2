"""What a home holds against a device that lives outside: an offer beyond its limits, a change of them, a state that grows."""

import json
from collections.abc import Mapping
from typing import Any

from joulebus.devices import KINDS
from joulebus.devices.foreign import ForeignProperties
from joulebus_schemas.offers import Flow, Nothing
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Offered
from joulebus_schemas.series import Each, Knots, RunLengths

STATE_BYTES_MAX = 16_384
ITS_OWN = frozenset({"settings"})
"""What a foreign device may change of itself; the home file sets the others."""


def lives_outside(member: Member) -> bool:
    """Whether no process of the home is this device."""
    return member.kind in KINDS and KINDS[member.kind].lives_outside


def open_ports(member: Member) -> tuple[int, ...]:
    """The TCP ports that a device opens to others, such as a meter its telegrams."""
    device = KINDS[member.kind]
    return device.ports(device.properties.model_validate(member.properties, strict=False))


def beyond(member: Member, offered: Offered, tick_seconds: int) -> str | None:
    """Why a packet is more than a foreign device may say; None when it is not."""
    if len(json.dumps(offered.state)) > STATE_BYTES_MAX:
        return f"its state must have at most {STATE_BYTES_MAX} bytes as JSON, but has more"
    offer = offered.offer
    if isinstance(offer, Nothing):
        return None
    if not isinstance(offer, Flow):
        return f"a foreign device must offer a flow or nothing, but offers a {offer.role}"
    if offer.side != "ac" or offer.origin is not None:
        return "a foreign device must be on the AC side and bring its own joules: leave out side and origin"
    return _beyond_limits(offer, ForeignProperties.model_validate(member.properties), tick_seconds)


def _beyond_limits(offer: Flow, limits: ForeignProperties, tick_seconds: int) -> str | None:
    if offer.shedding_priority > limits.shedding_priority:
        return f"its shedding_priority must be at most {limits.shedding_priority}, but is {offer.shedding_priority}"
    least, most = -limits.give_watts_max * tick_seconds, limits.take_watts_max * tick_seconds
    for name, series in (("want", offer.want), ("least", offer.least), ("most", offer.most), ("due", offer.due)):
        if isinstance(series, Knots):
            return f"{name} must be run_lengths or each: a foreign device says whole joules"
        wrong = next((value for value in _values(series) if not least <= value <= most), None)
        if wrong is not None:
            return f"{name} must be within {least} and {most} J a tick (give_watts_max, take_watts_max), but is {wrong}"
    if (offer.all_or_nothing or offer.due is not None) and min(_lowest(offer.want), _lowest(offer.due)) < 0:
        return "only a load may wait: with all_or_nothing or due, want and due must not be below 0"
    return None


def _lowest(series: RunLengths | Each | Knots | None) -> int:
    assert not isinstance(series, Knots), "knots are refused before"
    return min(_values(series), default=0)


def _values(series: RunLengths | Each | None) -> tuple[int, ...]:
    if series is None:
        return ()
    return series.values if isinstance(series, Each) else tuple(value for _, value in series.run_lengths)


def not_its_own(member: Member, properties: Mapping[str, Any]) -> tuple[str, ...]:
    """What a device wants to change of itself, but may not."""
    return tuple(sorted(properties.keys() - ITS_OWN)) if lives_outside(member) else ()
