"""Lesson 5, balancing part 2: a contract (PPA). A producer sells 200 Wh of its 500 Wh to a buyer, and its upstream does not notice.

Run it with `.venv/bin/python examples/lessons/lesson_5.py`; it needs no home and no router.
"""

from joulebus.cli.market_tables import show_books
from joulebus.market.executor import in_memory

books = in_memory(epoch_seconds=3600)
epoch = 474_240

# A plant delivers to the group of its seller; what the seller has too much, or too little, goes to bigbalancer.
books.ask("asset.upsert", {"asset_id": "production1", "type": "meter", "balance_rule": {"to": "seller1"}})
books.ask("asset.upsert", {"asset_id": "seller1", "type": "balance", "balance_rule": {"from": "bigbalancer", "to": "bigbalancer"}})

# The contract: up to 200 Wh an epoch, at any power between 0 and 20 kW. Several contracts stand in a merit order.
contract = books.ask(
    "contract.add",
    {"asset_id": "seller1", "partner_id": "buyer1", "direction": "to", "energy": 200, "load_min": 0, "load_max": 20_000},
)

# 500 Wh are produced. Transaction 1: production1 -> seller1.
books.ask("balancing.add_settlement", {"meter_id": "production1", "epoch": epoch, "wh": 500})

# Sealing first books the residual (transaction 2: seller1 -> bigbalancer, 500 Wh), then the contract on what remains: transaction 3,
# seller1 -> buyer1, 200 Wh, and transaction 4, its counter posting bigbalancer -> seller1, 200 Wh. So the seller nets zero.
seal = books.ask("balancing.seal", {"asset_id": "seller1", "epoch": epoch})
for posting in seal.postings:
    print(f"the seal adds: {posting.from_} -> {posting.to}, {posting.wh} Wh ({posting.kind})")

# Asking again changes nothing, and the contract has counted its 200 Wh once.
again = books.ask("balancing.seal", {"asset_id": "seller1", "epoch": epoch})
served = books.ask("contract.list", {"asset_id": "seller1"}).contracts[0].balanced
print(f"again: {again.status}; {contract.contract_id} has delivered {served} Wh")

show_books(books, epoch, "Lesson 5: a contract on top of a balance group", "lesson_5.svg")
