"""What commands print for programs."""

import json
from typing import Any


def print_json(value: Any) -> None:
    """Sorted, indented, the same in every run."""
    print(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))
