"""The audit of a living home's books, asked for over the bus, and the logs of its parts."""

from typing import Annotated, Literal

from pydantic import Field

from joulebus_schemas.base import Integer, Name, Natural, PartsPerMillion, Sentence, Word, example
from joulebus_schemas.facts import DAY_SECONDS

LOG_LINES_MAX = 500
LOG_LINE_CHARACTERS_MAX = 1_000
AUDIT_LINES_MAX = 2_000


class AuditState(Word):
    """How far the audit is, and what it found; also told whenever that changes, at most twice a second."""

    model_config = example(
        {
            "state": "done",
            "progress_ppm": 1_000_000,
            "is_sound": True,
            "missing_joules": 0,
            "records": 4711,
            "ticks": DAY_SECONDS,
            "seals": 96,
            "head_seal": "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
            "lines": ["0 J missing"],
            "error": None,
        }
    )

    state: Annotated[Literal["never", "running", "done", "failed"], Field(description="never: nobody has asked since the home is up")]
    progress_ppm: Annotated[PartsPerMillion, Field(description="of the books")] = 0
    is_sound: Annotated[bool | None, Field(description="whether everything agrees; null: not known")] = None
    missing_joules: Annotated[Integer | None, Field(description="what all accounts sum to; 0 in sound books")] = None
    records: Annotated[Natural | None, Field(description="that were counted again")] = None
    ticks: Annotated[Natural | None, Field(description="that were counted again")] = None
    seals: Annotated[Natural | None, Field(description="that were computed again")] = None
    head_seal: Annotated[str, Field(max_length=64, description="hash of the last seal")] = ""
    lines: Annotated[
        tuple[Annotated[str, Field(max_length=1_000)], ...], Field(strict=False, max_length=AUDIT_LINES_MAX, description="for people")
    ] = ()
    error: Annotated[Sentence | None, Field(description="why it failed")] = None


class AskLogs(Word):
    """The last lines of the log of a part."""

    model_config = example({"name": "oven", "lines": 100})

    name: Annotated[Name, Field(description="a device, or inverter, historian, balancer, screen, crossbar, supervisor")]
    lines: Annotated[int, Field(ge=1, le=LOG_LINES_MAX, description="how many at most")] = 100


class LogLines(Word):
    """The last lines of a log, the oldest first."""

    model_config = example({"name": "oven", "lines": ["2026-06-21 11:00:00,000 joulebus.services.node INFO oven waits for the keeper"]})

    name: Annotated[Name, Field(description="name of the part")]
    lines: Annotated[
        tuple[Annotated[str, Field(max_length=LOG_LINE_CHARACTERS_MAX)], ...],
        Field(strict=False, max_length=LOG_LINES_MAX, description="text, whatever it looks like; long ones are cut"),
    ]
