"""What people ask of a comparison: what does it save a year, and in how many years is it paid back?"""

import math
from dataclasses import dataclass

from joulebus.planning.compare import Lived
from joulebus.planning.metrics import total_of
from joulebus_schemas.facts import DAY_SECONDS

MEAN_YEAR_SECONDS = 365.25 * DAY_SECONDS
ALL_SEASONS_DAYS = 330
"""Fewer days tell little about a year."""


@dataclass(frozen=True)
class Terms:
    """Assumptions by which an investment is judged."""

    lifetime_years: float = 15.0
    """Life of what is bought; after it, it is worth nothing."""
    discount_percent: float = 0.0
    """Percent by which a saving is worth less for each year that it comes later."""


@dataclass(frozen=True)
class Saving:
    """What a variant saves against the first one."""

    micro_euro_per_year: int
    price_euro: float
    """What it costs more."""
    payback_years: float | None
    """None: never."""
    net_euro: float
    """All savings of its lifetime, discounted, without its price."""


def cost_of(lived: Lived, bill: str | None = None) -> int | None:
    """Micro-euro of the span, less the worth of what is left in the batteries: by the prices of the grid, or by a bill of that name.

    None of a variant that failed.
    """
    totals = lived.totals
    with_stored = totals.get("cost_with_stored_micro_euro")
    if bill is None or with_stored is None:
        return with_stored
    billed, cost = totals.get(total_of(bill)), totals.get("cost_micro_euro")
    return None if billed is None or cost is None else billed + with_stored - cost


def saving(saved_micro_euro: int, seconds: int, price_euro: float, terms: Terms) -> Saving:
    """The savings of a year and their worth, from what was saved in so many seconds and the price of it."""
    yearly = round(saved_micro_euro * MEAN_YEAR_SECONDS / seconds)
    return Saving(yearly, price_euro, payback_years(yearly / 1e6, price_euro, terms), present_value(yearly / 1e6, terms) - price_euro)


def payback_years(euro_per_year: float, price_euro: float, terms: Terms) -> float | None:
    """Until the discounted savings have paid the price; 0 when nothing is to be paid, None when they never do."""
    if price_euro <= 0:
        return 0.0 if euro_per_year >= 0 else None
    rate = terms.discount_percent / 100
    if euro_per_year <= 0 or price_euro * rate >= euro_per_year:
        return None
    return price_euro / euro_per_year if not rate else -math.log(1 - price_euro * rate / euro_per_year) / math.log(1 + rate)


def present_value(euro_per_year: float, terms: Terms) -> float:
    """Present value of equal savings at the end of each year of the lifetime, in euro."""
    rate = terms.discount_percent / 100
    return euro_per_year * (terms.lifetime_years if not rate else (1 - (1 + rate) ** -terms.lifetime_years) / rate)


def payback_text(found: Saving, terms: Terms) -> str:
    """The payback time for a table."""
    if found.price_euro <= 0:
        return "–"
    if found.payback_years is None:
        return "never"
    return f"{found.payback_years:,.1f} y" + (" †" if found.payback_years > terms.lifetime_years else "")
