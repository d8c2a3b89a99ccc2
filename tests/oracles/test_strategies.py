"""The page of what strategies save: complete, below what is possible, and with prices as a market has them."""

import re
from statistics import fmean, pstdev

import pytest

from tests.oracles.spot_year import spot_year
from tests.oracles.strategies import MARKETS, PAGE, two_rates

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


def test_the_page_knows_the_strategies_of_each_contract() -> None:
    strategies = {"Two rates": two_rates().strategies, **{market.title: market.strategies for market in MARKETS}}
    for title, known in strategies.items():
        found = rows(title).keys()
        assert {"none", "without a battery", "optimum", "cheap_hours"} <= found
        assert found <= {"none", "without a battery", "optimum", "optimum without selling", *known}


def test_made_prices_are_like_those_of_a_market() -> None:
    shares = [max(0.0, 0.7 - abs(hour % 24 - 12) / 9) for hour in range(8_760)]
    found = spot_year(shares)
    assert 50 < fmean(found) < 90 and 30 < pstdev(found) < 60
    evening, noon = (fmean(found[hour::24]) for hour in (19, 12))
    assert evening > noon
