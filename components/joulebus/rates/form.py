"""A bill as JSON, and the spans of the table of usage: shared by whoever writes a bill and by the audit, which counts it again."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from joulebus.physics.schedule import moment_of
from joulebus.rates.money import Bill, cents

BILL_VERSION = 1


def bill_words(found: Bill) -> dict[str, Any]:
    """Stable names, integers."""
    rounded = cents(line.micro_euro for line in found.lines)
    return {
        "from_unix_seconds": found.begins,
        "until_unix_seconds": found.ends,
        "lines": [asdict(line) | {"cents": whole} for line, whole in zip(found.lines, rounded, strict=True)],
        "micro_euro": found.micro_euro,
        "cents": sum(rounded),
    }


def usage_spans(ends: int, timezone: str) -> dict[str, tuple[int, int]]:
    """The three days before, today, this week (from Monday), month and year, of a meter that was read last at a moment."""
    today = datetime.fromtimestamp(ends - 1, ZoneInfo(timezone)).date()
    begins = {f"day -{back}": (today - timedelta(back), today - timedelta(back - 1)) for back in (3, 2, 1)}
    week, tomorrow = today - timedelta(today.weekday()), today + timedelta(1)
    firsts = {"today": today, "week": week, "month": today.replace(day=1), "year": today.replace(month=1, day=1)}
    begins |= {name: (first, tomorrow) for name, first in firsts.items()}
    return {name: (moment_of(timezone, one.toordinal(), 0), moment_of(timezone, two.toordinal(), 0)) for name, (one, two) in begins.items()}
