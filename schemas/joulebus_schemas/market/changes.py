"""The journal of operations for people: who changed what in a market."""

from typing import Annotated, Any

from pydantic import Field

from joulebus_schemas.base import INTEGER_MAX
from joulebus_schemas.market.base import PAGE_MAX, MarketAsk, MarketWord, Revision
from joulebus_schemas.market.examples import example_of


class AskMarketChanges(MarketAsk):
    """Who changed what in a market, the last first."""

    model_config = example_of("AskMarketChanges")

    before: Annotated[int | None, Field(ge=1, le=INTEGER_MAX, description="only revisions before this one")] = None
    most: Annotated[int, Field(ge=1, le=PAGE_MAX, description="how many at most")] = 100
    ledger: Annotated[bool, Field(description="also what the balancer booked from its home's ledger")] = False


class LoggedMarketChange(MarketWord):
    """A change of the market, as it was accepted."""

    revision: Revision
    call: Annotated[str, Field(max_length=64, description="as in a file of operations")]
    principal: Annotated[str | None, Field(max_length=128, description="who asked, such as house/~anna; null: before that was kept")]
    role: Annotated[str | None, Field(max_length=64, description="with which it was allowed")]
    arguments: Annotated[dict[str, Any], Field(max_length=64, description="as they were kept; what is too large says so instead")]


class MarketChanges(MarketWord):
    """Changes of a market, the last first."""

    model_config = example_of("MarketChanges")

    changes: Annotated[tuple[LoggedMarketChange, ...], Field(strict=False, max_length=PAGE_MAX, description="the last first")]
    next_before: Annotated[
        int | None, Field(ge=1, le=INTEGER_MAX, description="`before` of the next page; null: there are no older ones")
    ] = None
