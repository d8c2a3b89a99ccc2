"""What the inverter did, and when, in plain sentences."""

from collections.abc import Mapping
from datetime import UTC, datetime

from joulebus_schemas.journal import Committed
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Settled

VERBS = {
    "sun>loads": "solar supplies the home with {watts}",
    "battery>loads": "the battery supplies the home with {watts}",
    "grid>loads": "the grid supplies the home with {watts}",
    "producers>loads": "other producers supply the home with {watts}",
    "sun>battery": "solar charges the battery with {watts}",
    "grid>battery": "the grid charges the battery with {watts}",
    "producers>battery": "other producers charge the battery with {watts}",
    "sun>export": "{watts} of solar is exported",
    "battery>export": "{watts} from the battery is exported",
    "producers>export": "{watts} of other producers is exported",
}


def decision(settled: Settled | Committed | None, roster: Mapping[str, Member], tick_seconds: int) -> str:
    """The last settlement as one sentence: who supplies whom, what was curtailed and what went unserved."""
    if settled is None:
        return "Nothing has been settled yet."
    seconds = settled.window.ticks * tick_seconds
    return _sentence([*_served(settled.flows, seconds), *_given_up(settled, seconds)])


def of_flows(flows: Mapping[str, int], seconds: int) -> str:
    """Joules by source and sink over a number of seconds, as one sentence: who supplies whom."""
    return _sentence(_served(flows, seconds))


def verbs_of(flows: Mapping[str, int], seconds: int) -> frozenset[str]:
    """The pairs that such a sentence names: another decision is one that names others."""
    return frozenset(pair for pair in VERBS if flows.get(pair, 0) >= seconds)


def _served(flows: Mapping[str, int], seconds: int) -> list[str]:
    return [text.format(watts=watts(flows[pair] / seconds)) for pair, text in VERBS.items() if flows.get(pair, 0) >= seconds]


def _sentence(parts: list[str]) -> str:
    text = ", ".join(parts) if parts else "no energy flows"
    return text[0].upper() + text[1:] + "."


def _given_up(settled: Settled | Committed, seconds: int) -> list[str]:
    curtailed = sum(outcome.curtailed_joules for outcome in settled.outcomes.values())
    shed = sorted(name for name, outcome in settled.outcomes.items() if outcome.unserved_joules)
    parts = [f"{watts(curtailed / seconds)} of solar curtailed"] if curtailed >= seconds else []
    if shed:
        unserved = sum(settled.outcomes[name].unserved_joules for name in shed)
        parts.append(f"{watts(unserved / seconds)} unserved ({', '.join(shed)})")
    return parts


def moment_text(unix_seconds: int) -> str:
    """A moment in the calendar."""
    return datetime.fromtimestamp(unix_seconds, UTC).isoformat().replace("+00:00", "Z")


def watts(power: float) -> str:
    """A power in W or kW, for people."""
    return f"{power / 1000:.2f} kW" if abs(power) >= 1000 else f"{power:.0f} W"
