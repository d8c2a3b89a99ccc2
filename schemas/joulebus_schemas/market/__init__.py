"""The words of the market: assets, metering, balancing, contracts, money; one ask and one answer a call."""
