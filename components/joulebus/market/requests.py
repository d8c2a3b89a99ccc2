"""What is kept of a call, and what it means later: the same request again, and a decision that is not taken twice."""

import json
from typing import Any

from joulebus.errors import MarketError
from joulebus.market.books import Approval, approve
from joulebus.market.store import Operation, canonical
from joulebus_schemas.market.base import MarketAsk, MarketWord
from joulebus_schemas.market.calls import MarketCall

NOW = ("time", "day", "start_time", "from_time")
"""Moments that may be left out where there is a clock."""
FILLED_IN = (*NOW, "from_epoch", "holds_from")


def again(call: MarketCall, ask: MarketAsk, done: Operation) -> MarketWord:
    """The answer that was given before; another question under the same id is refused.

    Raises:
        MarketError: The request was made before with other arguments.
    """
    asked_now = arguments_of(ask)
    if (done.call, _without_filled_in(done.arguments, asked_now)) != (call.name, json.loads(asked_now)):
        text = (
            f'the request "{done.request}" was {done.call} with {done.arguments}, but now asks for something else; choose a new request_id'
        )
        raise MarketError(text)
    answer: MarketWord = call.answer.model_validate_json(done.answer)
    return answer


def _without_filled_in(kept: str, asked_now: str) -> dict[str, Any]:
    """What was kept, without the moments that were filled in then and are left out now again."""
    said = json.loads(asked_now)
    return {name: value for name, value in json.loads(kept).items() if name in said or name not in FILLED_IN}


def arguments_of(ask: MarketAsk) -> str:
    """What is kept of a call: what was said, in our spelling."""
    return canonical(ask.model_dump(mode="json", exclude_unset=True))


def as_decided(answer: str) -> Approval:
    """The approval that was given, or the veto with its reason."""
    said = json.loads(answer)
    veto = said.get("reason") or "vetoed" if said.get("status") == "vetoed" else None
    return approve if veto is None else lambda proposal: veto
