"""Lesson 4, balancing part 1: a balance group, what it serves inside, and what it has too much.

Run it with `.venv/bin/python examples/lessons/lesson_4.py`; it needs no home and no router.
"""

from joulebus.cli.market_tables import show_books
from joulebus.market.executor import in_memory

# Books are a market: epochs of one hour (the default is a quarter), kept in memory, signed with a key that everybody knows.
books = in_memory(epoch_seconds=3600)
epoch = 474_240  # number of an epoch: unix seconds divided by its length

# A meter says with its balance rule against whom it is balanced. "to": it gives to the group, "from": the group gives to it.
books.ask("asset.upsert", {"asset_id": "balancingMeter0", "type": "meter", "balance_rule": {"to": "DemoBalanceGroup"}})
for number in (1, 2, 3):
    rule = {"from": "DemoBalanceGroup"}
    books.ask("asset.upsert", {"asset_id": f"balancingMeter{number}", "type": "meter", "balance_rule": rule})

# What the meters have counted in this epoch, in whole Wh.
for number, watt_hours in enumerate((900, 200, 300, 250)):
    books.ask("balancing.add_settlement", {"meter_id": f"balancingMeter{number}", "epoch": epoch, "wh": watt_hours})

# A meter that nobody knows has no rule. It is balanced with the root of all groups, which every market has.
books.ask("balancing.add_settlement", {"meter_id": "balancingMeter4", "epoch": epoch, "wh": 123})

# Before the seal: 750 Wh are served inside of the group, and 150 Wh are too much.
before = books.ask("balancing.unsealed_balance", {"asset_id": "DemoBalanceGroup", "epoch": epoch})
print(f"inside of the group: {before.internal_wh} Wh; still open: {before.open_wh} Wh")

# The seal books what is open with the upstream, as one posting, and then the group nets exactly zero. For ever: it is signed.
seal = books.ask("balancing.seal", {"asset_id": "DemoBalanceGroup", "epoch": epoch})
print(f"{seal.status}: {seal.seal.hash}")

show_books(books, epoch, "Lesson 4: a balance group", "lesson_4.svg")
