"""Verifies the chain of seals in an exported file with nothing but Python: python verify_seals.py seals.jsonl"""

import json
import sys
from hashlib import sha256


def uvarint(number):
    return bytes([number]) if number < 128 else bytes([number % 128 + 128]) + uvarint(number // 128)


def column_line(column):
    """Recomputes sum, moment and hash of a column from its runs of (ticks, joules)."""
    total = moment = index = 0
    text = f"joulebus column 1\n{column['account_from']}\n{column['account_to']}\n".encode()
    for count, joules in column["run_lengths"]:
        text += uvarint(count) + uvarint(joules)
        for _ in range(count):
            total, moment, index = total + joules, moment + (index + 1) * joules, index + 1
    return f"{column['account_from']}>{column['account_to']} {total} {moment} {sha256(text).hexdigest()}\n"


with open(sys.argv[1]) as lines:
    home, previous, seals = json.loads(next(lines)), "0" * 64, 0
    for seal in map(json.loads, lines):
        head = (home["home"], home["tick_seconds"], seal["epoch"], seal["first_tick"], seal["ticks"], previous)
        text = "joulebus seal 1\n" + "".join(f"{part}\n" for part in head) + "".join(map(column_line, seal["columns"]))
        if sha256(text.encode()).hexdigest() != seal["hash"]:
            sys.exit(f"the seal of epoch {seal['epoch']} is not that of its transfers, or does not follow the seal before it")
        previous, seals = seal["hash"], seals + 1
print(f"{seals} seals of {home['home']} are sound; the last is {previous}")
