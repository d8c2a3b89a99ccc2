"""What the market tells by itself."""

from typing import Annotated, Any

from pydantic import Field

from joulebus_schemas.base import INTEGER_MAX
from joulebus_schemas.market.base import MarketWord, Revision
from joulebus_schemas.market.examples import example_of


class MarketTrouble(MarketWord):
    """The market cannot do what its home's ledger or file says, or can again: said once when it begins and once when it ends."""

    model_config = example_of("MarketTrouble")

    trouble: Annotated[str | None, Field(max_length=2_000, description="what and why; null: it is over")]
    record: Annotated[int, Field(ge=0, le=INTEGER_MAX, description="last record of the home's journal that is booked")]
    behind_records: Annotated[int, Field(ge=0, le=INTEGER_MAX, description="records that are not booked yet")]


class MarketChanged(MarketWord):
    """A change was accepted and is durable. Revisions have no gaps; one that comes again after a crash is the same again."""

    model_config = example_of("MarketChanged")

    revision: Revision
    call: Annotated[str, Field(max_length=64, description="as in a file of operations")]
    arguments: Annotated[dict[str, Any], Field(max_length=64, description="as they were kept")]
    answer: Annotated[dict[str, Any], Field(max_length=64, description="what was answered")]
    principal: Annotated[str | None, Field(max_length=128, description="who asked, such as house/~anna; null: before that was kept")] = None
    role: Annotated[str | None, Field(max_length=64, description="with which it was allowed")] = None
