"""What commands print for programs."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any


def print_json(value: Any) -> None:
    """Sorted, indented, the same in every run."""
    print(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


def print_compact(value: Any) -> None:
    """For people: what fits into a line is one, and plain values share lines, so that the answer of a whole home is a page or two."""
    print("\n".join(_compact(value, shutil.get_terminal_size((100, 24)).columns)))


def _compact(value: Any, width: int) -> list[str]:
    whole = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if len(whole) <= width or not isinstance(value, dict | list) or not value:
        return [whole]
    entries = sorted(value.items()) if isinstance(value, dict) else [(None, one) for one in value]
    lines: list[str] = []
    for number, (key, one) in enumerate(entries):
        part = _compact(one, width - 4)
        part[0] = part[0] if key is None else f"{json.dumps(key, ensure_ascii=False)}: {part[0]}"
        part[-1] += "," if number + 1 < len(entries) else ""
        is_plain = len(part) == 1 and not isinstance(one, dict | list)
        if is_plain and lines and lines[-1].endswith(",") and len(lines[-1]) + len(part[0]) + 3 <= width:
            lines[-1] += " " + part[0]
        else:
            lines += part
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return [begin, *(f"  {line}" for line in lines), end]


def called() -> str:
    """How this command is called from here: by its name where the shell finds it, else by its path."""
    here = Path(sys.argv[0])
    if shutil.which("joulebus") is not None or here.name != "joulebus":
        return "joulebus"
    return str(here.relative_to(Path.cwd()) if here.is_absolute() and here.is_relative_to(Path.cwd()) else here)
