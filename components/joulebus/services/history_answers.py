"""The historian's answers, as words: what was read from the database, by device, by flow, in money, in peaks and in sentences."""

from typing import Any

import numpy as np

from joulebus.errors import PropertyError
from joulebus.historian.blocks import BY_ACCOUNT, BY_FLOW, EXPORTED, IMPORTED, LEVELS, MONEY, NO_LEVEL, SeriesKey, ValueArray
from joulebus.historian.history import RESOLUTIONS, STEPS, AskedSpan, Facts, HistoryReader, span_of
from joulebus.home.sentences import of_flows, verbs_of
from joulebus.report.calendar import month_name
from joulebus_schemas import history as words
from joulebus_schemas.facts import DAY_SECONDS, JOULES_PER_KWH, QUARTER_SECONDS

YEAR_SECONDS_MAX = 366 * DAY_SECONDS
UNMET = ".unmet"
SERVED_LATER = "served_later"


def energy_answer(history: HistoryReader, ask: words.AskEnergy, busbar: str) -> words.History:
    """Joules by device, by flow or by pair of accounts. Raises PropertyError for a span or names that cannot be answered."""
    sections = (BY_FLOW,) if ask.by == "flow" else (BY_ACCOUNT, LEVELS) if ask.by == "device" else (BY_ACCOUNT,)
    facts = history.facts()
    asked = _span(facts, ask, ask.resolution)
    while True:
        found = history.series(asked, sections)
        series = (
            _by_device(found, busbar)
            if ask.by == "device"
            else {name: values for (section, name), values in found.items() if section != LEVELS}
        )
        series = _chosen(series, ask)
        levels = {name: values for (section, name), values in found.items() if section == LEVELS and (not ask.names or name in ask.names)}
        if (len(series) + len(levels)) * (len(asked.edges) - 1) <= words.HISTORY_VALUES_MAX:
            break
        asked = _span(facts, ask, _next(asked, ask))
    return _answer(facts, asked, "J", {name: values.tolist() for name, values in series.items()}, levels)


def cost_answer(history: HistoryReader, ask: words.AskSpan) -> words.History:
    """Micro-euro of import, of export, and their difference; rounded along the span, so that buckets add up to its total."""
    facts = history.facts()
    asked = _span(facts, ask, ask.resolution)
    found = history.series(asked, (MONEY,))
    paid = {what: _money(found, what, len(asked.edges) - 1) for what in (IMPORTED, EXPORTED)}
    paid["cost"] = [one - other for one, other in zip(paid[IMPORTED], paid[EXPORTED], strict=True)]
    return _answer(facts, asked, "micro-euro", {name: values for name, values in paid.items() if any(values)}, {})


def peaks_answer(history: HistoryReader, ask: words.AskPeaks) -> words.Peaks:
    """The highest quarter-hours of import."""
    facts = history.facts()
    asked = _quarters(facts, ask)
    imported = np.zeros(len(asked.edges) - 1, dtype=np.int64)
    for (_, flow), values in history.series(asked, (BY_FLOW,)).items():
        if flow.startswith("grid>"):
            imported += values
    order = np.lexsort((np.arange(len(imported)), -imported))
    best: dict[str, int] = {}
    for place in np.flatnonzero(imported).tolist():
        month = month_name(asked.edges[place], facts.timezone)
        if month not in best or imported[place] > imported[best[month]]:
            best[month] = place
    return words.Peaks(
        from_unix_seconds=asked.start,
        to_unix_seconds=asked.end,
        highest=tuple(
            words.Peak(unix_seconds=asked.edges[place], watts=int(imported[place]) // QUARTER_SECONDS)
            for place in order[: ask.most].tolist()
            if imported[place]
        ),
        months=tuple(
            words.MonthPeak(month=month, unix_seconds=asked.edges[place], watts=int(imported[place]) // QUARTER_SECONDS)
            for month, place in sorted(best.items())
        ),
    )


def decisions_answer(history: HistoryReader, ask: words.AskDecisions) -> words.Decisions:
    """One line whenever something else is served by something else."""
    facts = history.facts()
    asked = _minutes(facts, ask)
    found = {name: values for (_, name), values in history.series(asked, (BY_FLOW,)).items()}
    lines: list[words.Decision] = []
    before: frozenset[str] | None = None
    for place, (start, end) in enumerate(zip(asked.edges, asked.edges[1:], strict=False)):
        flows = {name: int(values[place]) for name, values in found.items() if values[place]}
        active = verbs_of(flows, end - start)
        if active != before:
            lines.append(words.Decision(unix_seconds=start, text=of_flows(flows, end - start)))
            before = active
    slot = STEPS[asked.resolution]
    return words.Decisions(slot_seconds=slot, decisions=tuple(lines[-ask.most :]), is_whole=len(lines) <= ask.most)


def totals_answer(history: HistoryReader, busbar: str, seals: int) -> words.Totals:
    """Since the first tick."""
    facts = history.facts()
    asked = AskedSpan(
        facts.start_unix_seconds,
        facts.end_unix_seconds,
        "year",
        (facts.start_unix_seconds, max(facts.end_unix_seconds, facts.start_unix_seconds + 1)),
    )
    found = history.series(asked, (BY_ACCOUNT, BY_FLOW, MONEY))
    moved: dict[str, dict[str, int]] = {}
    later: dict[str, int] = {}
    for name, values in _by_device(found, busbar).items():
        device, _, what = name.partition(".")
        if what == SERVED_LATER:
            later[device] = int(values[0])
        field = {"in": "joules_in", "out": "joules_out", "unserved": "unserved_joules", "curtailed": "curtailed_joules"}.get(what)
        if field:
            moved.setdefault(device, {})[field] = int(values[0])
    for device, joules in later.items():
        moved[device]["unserved_joules"] -= joules
    paid = {what: int(found.get((MONEY, what), [0])[0]) // JOULES_PER_KWH for what in (IMPORTED, EXPORTED)}
    return words.Totals(
        record=facts.number,
        tick=(facts.end_unix_seconds - facts.start_unix_seconds) // facts.tick_seconds,
        devices={device: words.Moved(**fields) for device, fields in sorted(moved.items())},
        flows={name: int(values[0]) for (section, name), values in sorted(found.items()) if section == BY_FLOW and values[0]},
        cost_micro_euro=paid[IMPORTED] - paid[EXPORTED],
        seals=seals,
    )


def _span(facts: Facts, ask: words.AskSpan, resolution: str) -> AskedSpan:
    most = ask.points_max if resolution == "auto" else words.HISTORY_POINTS_MAX
    return span_of(facts, ask.from_unix_seconds, ask.to_unix_seconds, resolution, most)


def _next(asked: AskedSpan, ask: words.AskEnergy) -> str:
    """A coarser resolution when there are too many numbers, if the person leaves the choice."""
    place = RESOLUTIONS.index(asked.resolution) + 1
    if ask.resolution != "auto" or place == len(RESOLUTIONS):
        raise PropertyError(
            f"an answer has at most {words.HISTORY_VALUES_MAX:,} numbers, and {len(asked.edges) - 1:,} buckets of so many series are more; "
            "name fewer, or ask for auto"
        )
    return RESOLUTIONS[place]


def _chosen(series: dict[str, ValueArray], ask: words.AskEnergy) -> dict[str, ValueArray]:
    if not ask.names:
        return series
    return {name: values for name, values in series.items() if name in ask.names or name.partition(".")[0] in ask.names}


def _by_device(found: dict[SeriesKey, ValueArray], busbar: str) -> dict[str, ValueArray]:
    """Pairs of accounts as what each device took, gave, lost as heat, did not get and could not give."""
    out: dict[str, ValueArray] = {}
    pairs = {(giver, taker): values for (section, pair), values in found.items() if section == BY_ACCOUNT
             for giver, _, taker in (pair.partition(">"),)}  # fmt: skip
    givers = {giver for giver, _ in pairs}
    for (giver, taker), values in pairs.items():
        name = _name(giver, taker, busbar)
        # Fuel goes from a supply to who burns it; what the sun gives, a panel passes on.
        names = [name] if name else [] if taker in givers else [f"{taker}.in", f"{giver}.out"]
        for one in names:
            out[one] = out[one] + values if one in out else values
    return dict(sorted(out.items()))


def _name(giver: str, taker: str, busbar: str) -> str | None:
    if taker == "heat":
        return f"{giver}.heat"
    if taker == "driving":
        return f"{giver}.driven"
    if taker == "curtailed":
        return f"{giver}.curtailed"
    if giver == "unserved":
        return f"{taker.removesuffix(UNMET)}.unserved"
    if taker == "unserved":
        return f"{giver.removesuffix(UNMET)}.{SERVED_LATER}"
    return f"{taker}.in" if giver == busbar else f"{giver}.out" if taker == busbar else None


def _money(found: dict[SeriesKey, ValueArray], what: str, count: int) -> list[int]:
    total, before, out = 0, 0, []
    for value in found.get((MONEY, what), np.zeros(count, dtype=object)).tolist():
        total += value
        out.append(total // JOULES_PER_KWH - before)
        before = total // JOULES_PER_KWH
    return out


def _answer(facts: Facts, asked: AskedSpan, unit: Any, series: dict[str, list[int]], levels: dict[str, ValueArray]) -> words.History:
    return words.History.model_construct(
        from_unix_seconds=asked.start,
        to_unix_seconds=asked.end,
        resolution=asked.resolution,
        starts=asked.edges[:-1],
        unit=unit,
        series={name: values for name, values in series.items() if any(values)},
        levels={name: [None if value == NO_LEVEL else value for value in values.tolist()] for name, values in sorted(levels.items())},
        record=facts.number,
    )


def _quarters(facts: Facts, ask: words.AskPeaks) -> AskedSpan:
    until = facts.end_unix_seconds if ask.to_unix_seconds is None else ask.to_unix_seconds
    since = until - YEAR_SECONDS_MAX if ask.from_unix_seconds is None else ask.from_unix_seconds
    return span_of(facts, max(since, until - 10 * YEAR_SECONDS_MAX, 0), until, "15m", 10 * 366 * 96)


def _minutes(facts: Facts, ask: words.AskDecisions) -> AskedSpan:
    for resolution in ("1m", "15m"):
        try:
            return span_of(facts, ask.from_unix_seconds, ask.to_unix_seconds, resolution, 20_160 if resolution == "1m" else 35_136)
        except PropertyError:
            if resolution == "15m":
                raise
    raise AssertionError("one of them has answered or refused")
