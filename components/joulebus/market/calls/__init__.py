"""What each call of the market does with the books: one function a call, by noun."""

from joulebus.market.books import Handler
from joulebus.market.calls import assets, balancing, contracts, metering, money, statements

HANDLERS: dict[str, Handler] = {
    **assets.ASSET_HANDLERS,
    **balancing.BALANCING_HANDLERS,
    **contracts.CONTRACT_HANDLERS,
    **metering.METERING_HANDLERS,
    **money.MONEY_HANDLERS,
    **statements.STATEMENT_HANDLERS,
}
