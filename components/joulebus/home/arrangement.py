"""The arrangement of a home on a page: changed field by field, kept whole in a file beside the journal."""

import logging
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from joulebus.errors import RosterError
from joulebus.files import replace_atomically
from joulebus.refusals.system import reason
from joulebus_schemas.facts import DEVICES_MAX
from joulebus_schemas.layout import GROUPS_MAX, LAYOUT_BYTES_MAX, AskArrange, Layout, LayoutChanged, Placed

LAYOUT_FILE = "layout.json"
_One = TypeVar("_One")

_log = logging.getLogger("joulebus.home.arrangement")


@dataclass
class Arrangement:
    """What is kept of it, and where."""

    path: Path
    layout: Layout

    @classmethod
    def read(cls, path: Path) -> "Arrangement":
        """The arrangement that was kept; a file that cannot be read is copied aside, and the home begins with none."""
        try:
            return cls(path, Layout.model_validate_json(path.read_bytes()))
        except FileNotFoundError:
            return cls(path, Layout())
        except (OSError, ValidationError) as error:
            _log.warning("%s cannot be read and is copied aside: %s", path, error)
            with suppress(OSError):  # It stays where it is until something is arranged again.
                replace_atomically(path.with_name(f"{path.name}.damaged"), path.read_bytes(), 0o600)
            return cls(path, Layout())

    def change(self, ask: AskArrange, by: str) -> LayoutChanged:
        """Take a change in; it is kept when this returns.

        Raises:
            RosterError: A device is put in a group that there is not, all of it would be too large, or it cannot be written.
        """
        after = changed_layout(self.layout, ask)
        text = after.model_dump_json(exclude_none=True).encode()
        if len(text) > LAYOUT_BYTES_MAX or len(after.devices) > DEVICES_MAX or len(after.groups) > GROUPS_MAX:
            raise RosterError(
                f"an arrangement must have at most {DEVICES_MAX:,} devices, {GROUPS_MAX} groups and {LAYOUT_BYTES_MAX:,} bytes, "
                f"but would have {len(after.devices):,}, {len(after.groups)} and {len(text):,}: shorten notes, or take some away"
            )
        try:
            replace_atomically(self.path, text, 0o600)
        except OSError as error:
            raise RosterError(f"the arrangement cannot be kept: {reason(error)}") from None
        before, self.layout = self.layout, after
        return LayoutChanged(
            revision=after.revision,
            by=by,
            devices=_changes(before.devices, after.devices),
            groups=_changes(before.groups, after.groups),
        )


def changed_layout(layout: Layout, ask: AskArrange) -> Layout:
    """The arrangement after a change. Who was in a group that is gone is in none.

    Raises:
        RosterError: A device is put in a group that there is not.
    """
    groups = {name: one for name, one in {**layout.groups, **ask.groups}.items() if one is not None}
    found = {name: one for name, one in layout.devices.items() if ask.devices.get(name, one) is not None}
    for name, placed in ask.devices.items():
        if placed is None:
            continue
        if placed.group is not None and placed.group not in groups:
            raise RosterError(f"{name} can only be in a group that there is, and there is no {placed.group}: name it in groups as well")
        before = found.get(name, Placed()).model_dump()
        found[name] = Placed(**{**before, **placed.model_dump(include=placed.model_fields_set)})
    devices = {name: _without_gone(one, groups.keys()) for name, one in found.items()}
    kept = {name: one for name, one in sorted(devices.items()) if one != Placed()}
    return Layout(revision=layout.revision + 1, devices=kept, groups=dict(sorted(groups.items())))


def _without_gone(placed: Placed, groups: Container[str]) -> Placed:
    gone = placed.group is not None and placed.group not in groups
    return placed.model_copy(update={"group": None}) if gone else placed


def _changes(before: Mapping[str, _One], after: Mapping[str, _One]) -> dict[str, _One | None]:
    """What an entry has become, of all that are not as they were."""
    return {name: after.get(name) for name in {**before, **after} if before.get(name) != after.get(name)}
