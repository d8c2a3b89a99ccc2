"""What the historian knows about the past: one method a question, each in one reading of the database."""

import json
from threading import Lock
from typing import Any

from sqlalchemy import Engine, func, select

from joulebus.historian import tables
from joulebus.historian.history import HistoryReader
from joulebus.services import history_answers
from joulebus_schemas import history as words
from joulebus_schemas.roster import Change, Member, busbar_of


class Past:
    """Answers questions about one home, one at a time."""

    def __init__(self, engine: Engine, home: str) -> None:
        self._engine, self._home = engine, home
        self._history = HistoryReader(engine, home)
        self._lock = Lock()

    def energy(self, ask: words.AskEnergy) -> words.History:
        """Joules in a span."""
        with self._lock:
            return history_answers.energy_answer(self._history, ask, self._busbar())

    def cost(self, ask: words.AskSpan) -> words.History:
        """Micro-euro in a span."""
        with self._lock:
            return history_answers.cost_answer(self._history, ask)

    def peaks(self, ask: words.AskPeaks) -> words.Peaks:
        """The highest quarter-hours."""
        with self._lock:
            return history_answers.peaks_answer(self._history, ask)

    def decisions(self, ask: words.AskDecisions) -> words.Decisions:
        """What the inverter decided."""
        with self._lock:
            return history_answers.decisions_answer(self._history, ask)

    def totals(self) -> words.Totals:
        """Since the first tick; of a home without a record these are zeros."""
        with self._lock:
            if not self._history.has_begun():
                return words.Totals(record=0, tick=0, devices={}, flows={}, cost_micro_euro=0, seals=0)
            seal = tables.seal.c
            return history_answers.totals_answer(
                self._history, self._busbar(), self._one(select(func.count()).where(seal.home == self._home))
            )

    def changes(self, ask: words.AskChanges) -> words.Changes:
        """A page of changes, the latest ones."""
        change = tables.change.c
        query = select(tables.change).where(change.home == self._home)
        if ask.device is not None:
            query = query.where(change.device == ask.device)
        if ask.before_record is not None:
            query = query.where(change.number < ask.before_record)
        query = query.order_by(change.number.desc(), change.place.desc()).limit(ask.most + 1)
        with self._lock, self._engine.begin() as connection:
            rows = connection.execute(query).mappings().all()
        found = [words.RecordedChange(record=row["number"], change=_change(row)) for row in reversed(rows[: ask.most])]
        return words.Changes(changes=tuple(found), is_whole=len(rows) <= ask.most)

    def state(self, last_number: int) -> words.HistoryState:
        """How far the historian is, when the journal has so many records."""
        with self._lock:
            facts = self._history.facts()
        return words.HistoryState(
            record=facts.number,
            behind=max(0, last_number - facts.number),
            start_unix_seconds=facts.start_unix_seconds,
            end_unix_seconds=facts.end_unix_seconds,
            ticks_from_unix_seconds=max(facts.start_unix_seconds, facts.ticks_from),
            minutes_from_unix_seconds=max(facts.start_unix_seconds, facts.minutes_from),
            progress_ppm=1_000_000 * facts.number // max(facts.number, last_number, 1),
        )

    def _busbar(self) -> str:
        """The account of the inverter."""
        return busbar_of(self._history.birth().members)

    def _one(self, query: Any) -> int:
        with self._engine.begin() as connection:
            return int(connection.execute(query).scalar() or 0)


def _change(row: Any) -> Change:
    news, what = json.loads(row["news"]), row["what"]
    return Change(
        device=row["device"],
        from_tick=row["from_tick"],
        added=Member.model_validate(news) if what == "added" else None,
        removed=True if what == "removed" else None,
        on={"on": True, "off": False}.get(what),
        properties=news if what == "properties" else None,
    )
