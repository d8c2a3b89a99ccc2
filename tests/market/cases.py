"""Markets as small tables: what is set up, what is metered, what is sealed, and what must come out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from joulebus_core.market import Market, Posting, Signer

EPOCH = 474_240
SIGNER = Signer(bytes(range(32)))
ROOT = "eaf_generic_balancegroup"

Rule = tuple[str | None, str | None]


def hourly(**rules: Rule) -> Market:
    """A market with epochs of an hour, as the predecessor has them, so that watts are watt-hours."""
    market = Market("tables", epoch_seconds=3600)
    for asset, rule in rules.items():
        market.upsert_asset(asset, rule=rule)
    return market


def both(upstream: str) -> Rule:
    """Bought from and sold to the same."""
    return (upstream, upstream)


def text(posting: Posting) -> str:
    """A posting as the tables write it."""
    return f"{posting.from_}->{posting.to} {posting.wh} {posting.kind}" + (f" {posting.contract}" if posting.contract else "")


def texts(postings: Iterable[Posting]) -> list[str]:
    """Postings as the tables write them."""
    return [text(posting) for posting in postings]


@dataclass(frozen=True)
class Ppa:
    """A contract of a table."""

    seller: str
    partner: str
    epoch_wh_max: int | None = None
    direction: str = "to"
    terms: dict[str, int | str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A table of one market and one epoch."""

    rules: dict[str, Rule]
    metered: dict[str, int]
    sealed: tuple[str, ...]
    postings: tuple[str, ...]
    nets: dict[str, int]
    contracts: tuple[Ppa, ...] = ()

    def run(self) -> Market:
        """The market after sealing."""
        market = hourly(**self.rules)
        for number, ppa in enumerate(self.contracts, 1):
            market.add_contract(ppa.seller, ppa.partner, ppa.direction, id=f"c{number}", **{"epoch_wh_max": ppa.epoch_wh_max, **ppa.terms})
        for meter, wh in self.metered.items():
            market.add_settlement(meter, EPOCH, wh)
        for asset in self.sealed:
            sealing = market.seal(asset, EPOCH, SIGNER)
            assert sealing.status == "sealed", (asset, sealing.reason)
        return market
