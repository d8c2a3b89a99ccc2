"""What each call of the market does with the books: one function a call, by noun."""

from joulebus.market.books import Handler
from joulebus.market.calls import assets, balancing, contracts, metering, money

HANDLERS: dict[str, Handler] = assets.HANDLERS | balancing.HANDLERS | contracts.HANDLERS | metering.HANDLERS | money.HANDLERS
