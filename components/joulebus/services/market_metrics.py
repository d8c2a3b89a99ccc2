"""What Prometheus scrapes of a balancer: how far its market is, and what stands in its way."""

from prometheus_client import Gauge

from joulebus.market.executor import Executor
from joulebus.services.metrics import expose

MARKET_REVISION = Gauge("joulebus_market_revision", "Number of the last change of the market", registry=None)
MARKET_SEALED = Gauge("joulebus_market_sealed_epochs", "Epochs of the market that are sealed as a whole", registry=None)
MARKET_BEHIND = Gauge("joulebus_market_behind_records", "Records of the journal that the market has not booked yet", registry=None)
MARKET_LATE = Gauge("joulebus_market_late_values", "Values that came after their seal and wait for a correction", registry=None)
MARKET_TROUBLE = Gauge("joulebus_market_trouble", "1 while the market cannot do all that its ledger says, else 0", registry=None)


def watch_market(executor: Executor) -> None:
    """Register them in this process; the books are looked at when Prometheus asks."""
    books = executor.books
    MARKET_REVISION.set_function(lambda: executor.mark.revision)
    MARKET_SEALED.set_function(lambda: books.engine.closed_epochs())
    MARKET_BEHIND.set_function(lambda: books.followed.behind)
    MARKET_LATE.set_function(lambda: books.engine.late_count())
    MARKET_TROUBLE.set_function(lambda: float(books.followed.trouble is not None))
    expose(MARKET_REVISION, MARKET_SEALED, MARKET_BEHIND, MARKET_LATE, MARKET_TROUBLE)
