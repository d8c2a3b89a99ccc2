"""What if this home had been set otherwise? Runs of variants beside the living home, which they only read."""

from typing import Annotated, Any, Literal

from pydantic import Field

from joulebus_schemas.base import Integer, Natural, PartsPerMillion, Sentence, Word, example
from joulebus_schemas.facts import EPOCH_SECONDS

VARIANTS_AT_ONCE_MAX = 8
RUN_DAYS_MAX = 366.0
CHANGES_MAX = 32
WHATIF_ROWS_MAX = 800
"""Rows in the table of a variant: hours of a month, or days of a year."""
YAML_CHARACTERS_MAX = 500_000

RunName = Annotated[str, Field(pattern=r"^w[1-9][0-9]{0,8}$", description="name of the run")]
RunState = Literal["queued", "running", "done", "failed", "cancelled"]
WhatIfColumn = Annotated[tuple[Integer, ...], Field(strict=False, max_length=WHATIF_ROWS_MAX)]
BIGGER = {"label": "bigger battery", "changes": {"battery.capacity_kwh": 20}}
EXAMPLE_STATE = {"run": "w1", "state": "running", "progress_ppm": 420_000, "place": 0, "error": None}


class AskedVariant(Word):
    """The home with some things set otherwise."""

    model_config = example(BIGGER)

    label: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$", description="for people")]
    changes: Annotated[
        dict[Annotated[str, Field(max_length=100)], Any],
        Field(max_length=CHANGES_MAX, description="device.property, or device.on: value; a battery or panel of size 0 is not there"),
    ] = Field(default_factory=dict)


class AskWhatIf(Word):
    """Start a run: the home as it is, and each variant of it, over the same days from the same moment."""

    model_config = example({"source": "running", "yaml": None, "variants": [BIGGER], "days": 7.0, "tick_seconds": None})

    source: Annotated[Literal["running", "file"], Field(description="this home as it is at this moment, or a home file")] = "running"
    yaml: Annotated[str | None, Field(max_length=YAML_CHARACTERS_MAX, description="the home file, when that is the source")] = None
    variants: Annotated[
        tuple[AskedVariant, ...],
        Field(strict=False, max_length=VARIANTS_AT_ONCE_MAX - 1, description="beside the home as it is, which is always the first"),
    ] = ()
    days: Annotated[float, Field(gt=0, le=RUN_DAYS_MAX, description="simulated days, from the moment of the source on")] = 7.0
    tick_seconds: Annotated[
        int | None, Field(ge=1, le=EPOCH_SECONDS, description="coarser ticks are faster; left out: those of the home")
    ] = None


class AskRun(Word):
    """A run by name."""

    model_config = example({"run": "w1"})

    run: RunName


class WhatIfState(Word):
    """How far a run is; also told whenever that changes, at most twice a second."""

    model_config = example(EXAMPLE_STATE)

    run: RunName
    state: Annotated[RunState, Field(description="one run at a time; others wait")]
    progress_ppm: Annotated[PartsPerMillion, Field(description="of all its variants")] = 0
    place: Annotated[Natural, Field(description="how many runs come before it")] = 0
    error: Annotated[Sentence | None, Field(description="why it failed")] = None


class WhatIfVariant(Word):
    """What came of one variant."""

    label: Annotated[str, Field(max_length=80, description="for people; the first is the home as it is")]
    changes: Annotated[
        dict[str, Any], Field(max_length=CHANGES_MAX, description="as they were asked for: home.set takes them device by device")
    ]
    error: Annotated[Sentence | None, Field(description="why this variant cannot be lived; the others are there all the same")] = None
    totals: Annotated[
        dict[str, Integer | None],
        Field(max_length=64, description="as in a report: cost_micro_euro, import_joules, self_sufficiency_ppm, …"),
    ] = Field(default_factory=dict)
    cycles_ppm: Annotated[dict[str, Integer | None], Field(max_length=64, description="full cycles by battery, times a million")] = Field(
        default_factory=dict
    )
    columns: Annotated[
        dict[str, WhatIfColumn],
        Field(max_length=16, description="hour by hour, or day by day: unix_seconds, import_joules, stored_joules, …"),
    ] = Field(default_factory=dict)
    head_seal: Annotated[str, Field(max_length=64, description="hash of its last seal")] = ""


class WhatIfRun(Word):
    """A run with its result."""

    model_config = example(
        {
            "state": EXAMPLE_STATE,
            "from_unix_seconds": 1_782_034_200,
            "days": 7.0,
            "currency": "€",
            "step": "hour",
            "best": 1,
            "variants": [],
        }
    )

    state: Annotated[WhatIfState, Field(description="how far it is")]
    from_unix_seconds: Annotated[Integer | None, Field(description="of its first tick; null: not begun")] = None
    days: Annotated[float, Field(ge=0, le=RUN_DAYS_MAX, description="length in days")] = 0.0
    currency: Annotated[str, Field(max_length=16, description="of all money")] = ""
    step: Annotated[Literal["hour", "day"], Field(description="length of a row of the columns")] = "hour"
    best: Annotated[Natural | None, Field(description="the variant that costs least, counted with what is left in its batteries")] = None
    variants: Annotated[tuple[WhatIfVariant, ...], Field(strict=False, max_length=VARIANTS_AT_ONCE_MAX, description="when it is done")] = ()


class WhatIfList(Word):
    """The runs that are remembered, the newest first."""

    model_config = example({"runs": [EXAMPLE_STATE]})

    runs: Annotated[tuple[WhatIfState, ...], Field(strict=False, max_length=32, description="results are kept of some of the last")]
