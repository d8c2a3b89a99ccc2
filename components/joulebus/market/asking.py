"""What is asked of a market, and by whom: a call with its arguments, both validated."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import ValidationError

from joulebus.errors import JoulebusError, MarketError
from joulebus.refusals.constraints import shown
from joulebus.refusals.messages import COUNTED_MAX, PROBLEMS_MAX, WORD_LETTERS_MAX, nearest
from joulebus_schemas.facts import FIELDS_MAX
from joulebus_schemas.market.base import ROWS_MAX, MarketAsk
from joulebus_schemas.market.calls import CALLS, MarketCall, call_named


class Asker(NamedTuple):
    """Who asks, in the router's word."""

    principal: str
    """Home and name, such as ``house/~anna``."""
    role: str


LOCAL = Asker("local", "owner")
"""Whoever runs this process: who can write to the store is its owner."""


class Asked(NamedTuple):
    """A call with its arguments, both validated."""

    call: MarketCall
    ask: MarketAsk
    by: Asker = LOCAL


@dataclass(frozen=True, slots=True)
class OperationRefused:
    """Why a call was not executed; nothing has changed."""

    error: JoulebusError


def asked(name: object, arguments: object, by: Asker = LOCAL) -> Asked:
    """A call by our name or the predecessor's.

    Raises:
        MarketError: There is no such call, or an argument does not fit.
    """
    call = call_named(name) if isinstance(name, str) else None
    if call is None:
        near = nearest(str(name), CALLS)
        raise MarketError(f"there is no call {shown(name)}" + (f'; did you mean "{near}"?' if near else f"; there are {', '.join(CALLS)}"))
    if not isinstance(arguments, Mapping):
        raise MarketError(f"the arguments of {call.name} must be an object, but are {shown(arguments)}")
    if len(arguments) > FIELDS_MAX:
        raise MarketError(f"{call.name} must have at most {FIELDS_MAX} arguments, but has {len(arguments)}")
    for argument, values in arguments.items():
        # Each wrong item costs: a list that is too long is refused before any of them is judged.
        if isinstance(values, list | tuple) and len(values) > ROWS_MAX:
            raise MarketError(f"{call.name}: {shown(argument)} must have at most {ROWS_MAX} items, but has {len(values)}")
    try:
        return Asked(call, call.ask.model_validate(dict(arguments)), by)
    except ValidationError as error:
        raise MarketError(f"{call.name}: {complaint(error)}") from None


def complaint(error: ValidationError) -> str:
    """What pydantic found, in one sentence."""
    if error.error_count() > COUNTED_MAX:
        return f"{error.error_count()} values do not fit"
    found = error.errors(include_url=False, include_context=False)[:PROBLEMS_MAX]
    places = (".".join(str(part)[:WORD_LETTERS_MAX] for part in one["loc"]) or "arguments" for one in found)
    return "; ".join(f"{place}: {one['msg'][:1].lower()}{one['msg'][1:]}" for place, one in zip(places, found, strict=True))
