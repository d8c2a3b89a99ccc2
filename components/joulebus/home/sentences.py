"""What the inverter did, and when, in words that people understand."""

from collections.abc import Mapping
from datetime import UTC, datetime

from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Settled

VERBS = {
    "sun>loads": "the sun serves the home with {watts}",
    "battery>loads": "the battery serves the home with {watts}",
    "grid>loads": "the grid serves the home with {watts}",
    "producers>loads": "other producers serve the home with {watts}",
    "sun>battery": "the sun charges the battery with {watts}",
    "grid>battery": "the grid charges the battery with {watts}",
    "producers>battery": "other producers charge the battery with {watts}",
    "sun>export": "{watts} of the sun go to the grid",
    "battery>export": "{watts} of the battery go to the grid",
    "producers>export": "{watts} of other producers go to the grid",
}


def decision(settled: Settled | None, roster: Mapping[str, Member], tick_seconds: int) -> str:
    """The last settlement as one sentence: who serves whom, what was given up and who went without."""
    if settled is None:
        return "Nothing has been settled yet."
    seconds = settled.window.ticks * tick_seconds
    parts = [
        text.format(watts=watts(settled.flows[pair] / seconds)) for pair, text in VERBS.items() if settled.flows.get(pair, 0) >= seconds
    ]
    parts += _given_up(settled, seconds)
    text = ", ".join(parts) if parts else "nothing moves"
    return text[0].upper() + text[1:] + "."


def _given_up(settled: Settled, seconds: int) -> list[str]:
    curtailed = sum(outcome.curtailed_joules for outcome in settled.outcomes.values())
    shed = sorted(name for name, outcome in settled.outcomes.items() if outcome.unserved_joules)
    parts = [f"{watts(curtailed / seconds)} of the sun are not used"] if curtailed >= seconds else []
    if shed:
        unserved = sum(settled.outcomes[name].unserved_joules for name in shed)
        parts.append(f"{', '.join(shed)} {'goes' if len(shed) == 1 else 'go'} without {watts(unserved / seconds)}")
    return parts


def utc_text(unix_seconds: int) -> str:
    """A moment in the calendar."""
    return datetime.fromtimestamp(unix_seconds, UTC).isoformat().replace("+00:00", "Z")


def watts(power: float) -> str:
    """A power as people read it."""
    return f"{power / 1000:.2f} kW" if abs(power) >= 1000 else f"{power:.0f} W"
