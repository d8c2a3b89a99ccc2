"""Values that people type on a command line."""

import json
from typing import Any


def value_of(text: str) -> Any:
    """JSON, or the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text
