"""The market's engine without a store: an epoch of up to a million meters booked, balanced and sealed; a tenth of a year of 1,000."""

from __future__ import annotations

import hashlib
import resource
import statistics
import subprocess
import sys
import time
from array import array

import numpy as np

from joulebus_core.market import Market, Signer

FIRST_EPOCH = 1_963_000
SIZES = (10_000, 100_000, 1_000_000)
RUNS = 3


def market_of(meters: int) -> tuple[Market, array[int]]:
    """A hundred meters a group, ten contracts a group; and the handles of the meters."""
    groups, market = meters // 100, Market("bench")
    names = [f"group{number:05}" for number in range(groups)]
    market.upsert_assets(names, [None] * groups, [None] * groups, type="balance")
    ids = [f"meter{number:07}" for number in range(meters)]
    market.upsert_assets(ids, [names[number // 100] for number in range(meters)], [None] * meters)
    for number in range(meters // 10):
        holder, partner = names[number % groups], names[(number * 31 + 17) % groups]
        if holder != partner:
            market.add_contract(holder, partner, ("from", "to")[number % 2], priority=number // groups, epoch_wh_max=500 + number % 1000)
    return market, array("q", market.handles(ids))


def values(meters: int, epoch: int) -> array[int]:
    """Watt-hours of all meters; some generate."""
    return array("q", ((np.arange(meters) * 7919 + epoch * 104_729) % 997 - 300).astype("int64").tobytes())


def floor(market: Market, meters: int, epoch: int) -> float:
    """CPU seconds of one SHA-256 over as many bytes as the documents have, and of sorting as many numbers as there are postings."""
    sample = [market.propose_seal(f"meter{number:07}", epoch).document for number in range(0, meters, meters // 100)]
    group = [market.propose_seal(f"group{number:05}", epoch).document for number in range(0, meters // 100, max(1, meters // 10_000))]
    mean = [statistics.mean(len(document) for document in documents if document) for documents in (sample, group)]
    text = bytes(round(mean[0] * meters + mean[1] * meters / 100))
    numbers = np.random.default_rng(0).integers(0, 2**62, meters + meters // 5)
    began = time.process_time()
    hashlib.sha256(text).digest()
    numbers.sort()
    return time.process_time() - began


def measure(meters: int) -> None:
    """Print one size; in a process of its own, because of its memory."""
    market, handles = market_of(meters)
    signer, cpu, wall, limits = Signer(bytes(32)), [], [], []
    for epoch in range(FIRST_EPOCH, FIRST_EPOCH + RUNS):
        wh = values(meters, epoch)
        began = time.process_time(), time.perf_counter()
        market.add_settlements(epoch, handles, wh)
        booked = time.process_time() - began[0], time.perf_counter() - began[1]
        limits.append(floor(market, meters, epoch))
        began = time.process_time(), time.perf_counter()
        sealing = market.seal_epoch(epoch, signer)
        cpu.append(booked[0] + time.process_time() - began[0])
        wall.append(booked[1] + time.perf_counter() - began[1])
        assert sealing.closed and sealing.sealed > meters
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each, limit = statistics.median(cpu), statistics.median(limits)
    print(
        f"market: {meters} meters, {meters // 100} groups, {meters // 10} contracts: an epoch booked, balanced and sealed in "
        f"{each:.3f} s of CPU ({min(cpu):.3f} to {max(cpu):.3f} in {RUNS} runs; wall {statistics.median(wall):.3f} s), "
        f"{each / meters * 1e6:.2f} us a meter, {peak:.0f} MB at most; {each / limit:.1f} times SHA-256 and sort of the same bytes"
    )


def year() -> None:
    """Print a tenth of a year of 1,000 meters."""
    market, handles = market_of(1000)
    signer, stored, epochs = Signer(bytes(32)), 0, 3504
    began = time.process_time()
    for epoch in range(FIRST_EPOCH, FIRST_EPOCH + epochs):
        market.add_settlements(epoch, handles, values(1000, epoch))
        batch = market.seal_epoch(epoch, signer).batch
        assert batch is not None
        stored += len(batch.blob)
    cpu = time.process_time() - began
    print(
        f"market: a tenth of a year of 1000 meters in {cpu:.2f} s of CPU without a store ({cpu * 10:.0f} s a year); "
        f"{stored / epochs:.0f} bytes to store an epoch"
    )


def main() -> None:
    """Print all; aims: a million meters in at most 2 s and 1 GB, the same time a meter from 10,000 up."""
    print("market: aims: 1,000,000 meters in at most 2 s and 1024 MB on one core, linear from 10,000 up")
    for meters in SIZES:
        subprocess.run([sys.executable, __file__, str(meters)], check=True)
    year()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        main()
