"""Values that people type on a command line."""

import json
import math
import re
from typing import Any


def value_of(text: str) -> Any:
    """JSON, or the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def comma_advice(text: str) -> str:
    """What to write for a number with a decimal comma, as the end of a sentence; nothing for anything else."""
    value = decimal(text) if "," in text else None
    return "" if value is None else f"; write {value:g}"


def decimal(text: str) -> float | None:
    """A number with a decimal point or a decimal comma; None when it is none, or none that is finite."""
    if re.fullmatch(r"\s*[-+]?\d+,\d+\s*", text):
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
