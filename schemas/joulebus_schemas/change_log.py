"""Who changed what: pages of the journal's changes."""

from typing import Annotated

from pydantic import Field

from joulebus_schemas.base import Natural, Tick, Word, example
from joulebus_schemas.calls import BY
from joulebus_schemas.facts import DEVICES_MAX
from joulebus_schemas.roster import By, Change


class AskChangeLog(Word):
    """Who changed what, the last first."""

    model_config = example({"before": None, "most": 20})

    before: Annotated[Natural | None, Field(description="number of a record; left out: up to the last")] = None
    most: Annotated[int, Field(ge=1, le=100, description="how many at most")] = 20


class LoggedChange(Word):
    """A change, and who asked for it."""

    number: Annotated[Natural, Field(description="of its record in the journal")]
    tick: Annotated[Tick | None, Field(description="the first that was not settled when it was asked")]
    time: Annotated[str | None, Field(max_length=40, description="of that tick, ISO 8601 in UTC")]
    by: Annotated[By | None, Field(description="None: the home file, when the home was started again")]
    changes: Annotated[tuple[Change, ...], Field(strict=False, max_length=DEVICES_MAX, description="none: the clock was changed")]


class ChangeLog(Word):
    """Changes, the last first."""

    model_config = example(
        {
            "changes": [
                {
                    "number": 4711,
                    "tick": 3600,
                    "time": "2026-06-21T11:00:00Z",
                    "by": BY,
                    "changes": [
                        {
                            "device": "oven",
                            "from_tick": 3660,
                            "properties": {"setpoint_celsius": 180.0},
                            "on": None,
                            "added": None,
                            "removed": None,
                        }
                    ],
                }
            ],
            "before": 4000,
        }
    )

    changes: Annotated[tuple[LoggedChange, ...], Field(strict=False, max_length=100, description="at most as many as asked for")]
    before: Annotated[Natural | None, Field(description="ask with this for those before them; None: there are no others")]
