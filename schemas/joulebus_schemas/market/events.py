"""What the market tells by itself."""

from typing import Annotated, Any

from pydantic import Field

from joulebus_schemas.market.base import MarketWord, Revision
from joulebus_schemas.market.examples import example_of


class MarketChanged(MarketWord):
    """A change was accepted and is durable. Revisions have no gaps; one that comes again after a crash is the same again."""

    model_config = example_of("MarketChanged")

    revision: Revision
    call: Annotated[str, Field(max_length=64, description="as in a file of operations")]
    arguments: Annotated[dict[str, Any], Field(max_length=64, description="as they were kept")]
    answer: Annotated[dict[str, Any], Field(max_length=64, description="what was answered")]
