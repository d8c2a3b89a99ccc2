"""Keeps a snapshot of a home right with the changes and summaries that follow it. Pure; it says when somebody must ask again."""

from typing import Any

from joulebus_schemas.screen import ScreenChanged, ScreenSnapshot, Summary

CHANGES_WAITING_MAX = 100
SECTIONS = ("roster", "readings", "energy", "flows", "layout", "groups")
WHOLE = ("sealed_epochs", "lines", "counted_from_tick")


class Mirror:
    """The picture of a home at somebody who looks at it."""

    def __init__(self) -> None:
        self.snapshot: ScreenSnapshot | None = None
        self._waiting: dict[int, ScreenChanged] = {}

    def take_snapshot(self, snapshot: ScreenSnapshot) -> bool:
        """The answer to the question. False: a change behind it is missing, ask again."""
        self.snapshot = snapshot
        waiting, self._waiting = self._waiting, {}
        taken = [self.take_change(waiting[revision]) for revision in sorted(waiting) if revision > snapshot.revision]
        return all(taken)

    def take_change(self, change: ScreenChanged) -> bool:
        """A change. False: one before it is missing, ask for the snapshot; this one is kept until then."""
        if self.snapshot is None or change.revision != self.snapshot.revision + 1:
            if len(self._waiting) < CHANGES_WAITING_MAX:
                self._waiting[change.revision] = change
            return False
        self.snapshot = snapshot_after(self.snapshot, change)
        return True

    def take_summary(self, summary: Summary) -> bool:
        """The moving numbers. False: it knows of a change that never came, or of another life of who says it; ask for the snapshot."""
        if self.snapshot is None:
            return False
        self.snapshot = self.snapshot.model_copy(update={"summary": summary})
        return summary.revision == self.snapshot.revision


def snapshot_after(snapshot: ScreenSnapshot, change: ScreenChanged) -> ScreenSnapshot:
    """The snapshot after a change."""
    news: dict[str, Any] = {"revision": change.revision}
    for name in SECTIONS:
        entries = {**getattr(snapshot, name), **getattr(change, name)}
        news[name] = {key: value for key, value in entries.items() if value is not None}
    news |= {name: value for name in WHOLE if (value := getattr(change, name)) is not None}
    return snapshot.model_copy(update=news)


def change_between(old: ScreenSnapshot, new: ScreenSnapshot) -> ScreenChanged | None:
    """The change that leads from one snapshot to the next; None when only the summary differs."""
    said: dict[str, Any] = {}
    for name in SECTIONS:
        before, after = getattr(old, name), getattr(new, name)
        entries = {key: value for key, value in after.items() if before.get(key) != value} | dict.fromkeys(before.keys() - after.keys())
        if entries:
            said[name] = entries
    said |= {name: getattr(new, name) for name in WHOLE if getattr(old, name) != getattr(new, name)}
    return ScreenChanged(revision=old.revision + 1, **said) if said else None
