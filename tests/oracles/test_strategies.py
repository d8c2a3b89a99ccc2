"""The page of what strategies save: complete, below what is possible, and with prices as a market has them."""

import re
from statistics import fmean

import pytest

from tests.oracles.strategies import MARKETS, PAGE, measured_prices, two_rates

ROW = r"^\| (.+?) \| (-?[\d.]+) \| (-?[\d.]+) \| (-?\d+) % \| (?:\d+|–) \|$"


def rows(title: str) -> dict[str, tuple[float, float, int]]:
    """What the page says below a heading: cost, savings and share of what is possible, by strategy."""
    section = PAGE.read_text().split(f"## {title}\n")[1].split("\n## ")[0]
    return {name: (float(euro), float(saved), int(share)) for name, euro, saved, share in re.findall(ROW, section, re.MULTILINE)}


@pytest.mark.parametrize("title", ["Two rates", *(market.title for market in MARKETS)])
def test_nobody_does_better_than_the_optimum_and_each_row_adds_up(title: str) -> None:
    found = rows(title)
    none, best = found["none"][0], found["optimum"][0]
    assert all(share <= 100 for _, _, share in found.values())
    for euro, saved, share in found.values():
        assert saved == pytest.approx(none - euro, abs=0.011)
        assert share == pytest.approx(100 * (none - euro) / (none - best), abs=1)


def test_the_page_has_every_strategy_of_each_contract() -> None:
    strategies = {"Two rates": two_rates().strategies, **{market.title: market.strategies for market in MARKETS}}
    for title, known in strategies.items():
        found = rows(title).keys()
        assert {"none", "without a battery", "optimum", *known} == found - {"optimum without selling"}


def test_prices_are_those_that_were_measured() -> None:
    year = measured_prices()[:8_760]
    assert (min(year), max(year), sum(price < 0 for price in year)) == (-90.01, 121.46, 211)
    assert fmean(year) == pytest.approx(37.67, abs=0.005)
