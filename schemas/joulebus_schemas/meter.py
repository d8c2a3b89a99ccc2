"""What a living digital meter tells: the running quarter-hour with its forecast, and its telegrams, counted from the ledger alone.

And what is received from a meter that is really there.
"""

from typing import Annotated

from pydantic import Field

from joulebus_schemas.base import Integer, Natural, Sentence, Word, example
from joulebus_schemas.facts import QUARTER_SECONDS

TELEGRAM_LETTERS_MAX = 1 << 14
Moment = Annotated[Natural, Field(description="end of the newest settled tick, Unix seconds of the home's clock")]


class QuarterSeen(Word):
    """The running quarter-hour at the grid connection, said once a real second as long as time goes on."""

    model_config = example(
        {
            "unix_seconds": 1_782_034_590,
            "done_seconds": 390,
            "demand_watts": 684,
            "power_watts": 1_470,
            "forecast_watts": 1_517,
            "cap_watts": 2_500,
            "gap_watts": 983,
            "allowed_watts": 1_735,
            "day_peak_watts": 1_204,
            "month_peak_watts": 2_210,
            "month_peak_unix_seconds": 1_781_031_600,
            "mean_of_months_watts": 3_118,
            "import_watts": 1_462,
            "export_watts": 0,
            "is_day": True,
            "warning": None,
        }
    )

    unix_seconds: Moment
    done_seconds: Annotated[int, Field(ge=0, le=QUARTER_SECONDS - 1, description="of the quarter-hour")]
    demand_watts: Annotated[Natural, Field(description="W, imported so far, over the whole quarter-hour: it begins at 0")]
    power_watts: Annotated[Natural, Field(description="W, mean net import of the last half minute, at least 0")]
    forecast_watts: Annotated[Natural, Field(description="W, mean of the quarter-hour if that power stays")]
    cap_watts: Annotated[Natural, Field(description="W, what it is compared with: the month's peak, the least that is billed, or a plan")]
    gap_watts: Annotated[Integer, Field(description="W, cap less forecast; negative: a new peak is coming")]
    allowed_watts: Annotated[Integer, Field(description="W, more that may be taken until the quarter-hour ends; negative: so much less")]
    day_peak_watts: Annotated[Natural, Field(description="W, highest quarter-hour of the day that is over; 0: there is none yet")]
    month_peak_watts: Annotated[Natural, Field(description="W, the same of the month")]
    month_peak_unix_seconds: Annotated[Natural | None, Field(description="when that quarter-hour ended; null: there is none yet")]
    mean_of_months_watts: Annotated[Natural, Field(description="W, mean of the last twelve months' peaks, each at least what is billed")]
    import_watts: Annotated[Natural, Field(description="W, of the newest tick")]
    export_watts: Annotated[Natural, Field(description="W, of the newest tick")]
    is_day: Annotated[bool, Field(description="whether tariff 1 (day) holds from now on; otherwise tariff 2 (night) does")]
    warning: Annotated[Sentence | None, Field(description="for people, once in a quarter-hour whose forecast is above the cap")] = None


class TelegramSent(Word):
    """A telegram (eMUCS-P1 2.1.1), as it goes through all doors of the meter."""

    model_config = example({"unix_seconds": 1_782_034_590, "text": "/JBU5\\JOULEBUS_A\r\n\r\n0-0:96.1.4(50221)\r\n!FEE4\r\n"})

    unix_seconds: Moment
    text: Annotated[str, Field(max_length=TELEGRAM_LETTERS_MAX, description="all of it, with its checksum and ends of lines")]


class TelegramReceived(Word):
    """What has come from a real meter, at most once a second; it counts since the reader's process began."""

    model_config = example(
        {
            "unix_seconds": 1_782_034_590,
            "text": "/FLU5\\253770234_A\r\n\r\n0-0:96.1.4(50221)\r\n!F638\r\n",
            "telegrams": 3_600,
            "dropped": 2,
            "unknown_lines": 7_200,
            "bytes": 4_212_000,
        }
    )

    unix_seconds: Annotated[Natural | None, Field(description="Unix seconds of the meter's clock; null: no telegram, or it says none")] = (
        None
    )
    text: Annotated[
        str | None,
        Field(
            max_length=TELEGRAM_LETTERS_MAX,
            description="the newest telegram as it came, each letter a byte (Latin-1); null: none was whole since the last time",
        ),
    ] = None
    telegrams: Annotated[Natural, Field(description="with a right checksum")]
    dropped: Annotated[Natural, Field(description="with a wrong checksum, or without a beginning or an end")]
    unknown_lines: Annotated[Natural, Field(description="of all telegrams, that nobody here knows; they stand in the text")]
    bytes: Annotated[Natural, Field(description="that came, whatever they were")]
