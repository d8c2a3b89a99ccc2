"""What commands print for programs."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any


def print_json(value: Any) -> None:
    """Sorted, indented, the same in every run."""
    print(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


ANSWER_LINES_MAX = 60
"""What people are shown of an answer."""
SHORTER = ((5, 200), (4, 200), (3, 100), (2, 100), (2, 40), (1, 100), (1, 20))
"""How deep, and how many of a list or a mapping; the first that fits."""


def print_compact(value: Any) -> None:
    """For people: what fits into a line is one, and plain values share lines; what is too long is shortened from the inside, and said."""
    width = shutil.get_terminal_size((100, 24)).columns
    shown = value
    for depth, most in SHORTER:
        if len(_compact(shown, width)) <= ANSWER_LINES_MAX:
            break
        shown = _shortened(value, depth, most)
    print("\n".join(_compact(shown, width)))
    if shown is not value:
        print("shortened, where there is a …; `| cat` shows all of it", file=sys.stderr)


def _shortened(value: Any, depth: int, most: int) -> Any:
    """A value without what lies so deep in it, with the first ones of many, and without what is empty."""
    if not isinstance(value, dict | list) or not value:
        return value
    if not depth:
        one, many = ("field", "fields") if isinstance(value, dict) else ("entry", "entries")
        return f"… {len(value):,} {one if len(value) == 1 else many}"
    more = len(value) - most
    if isinstance(value, list):
        return [*(_shortened(one, depth - 1, most) for one in value[:most]), *([f"… {more:,} more"] if more > 0 else [])]
    kept = {key: _shortened(value[key], depth - 1, most) for key in sorted(value)[:most] if value[key] not in (None, [], {})}
    return kept | ({"…": f"{more:,} more"} if more > 0 else {})


def _compact(value: Any, width: int, lead: int = 0) -> list[str]:
    """Lines of so many letters; of the first one, ``lead`` are taken by its key."""
    whole = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if len(whole) + lead <= width or not isinstance(value, dict | list) or not value:
        return [whole]
    entries = sorted(value.items()) if isinstance(value, dict) else [(None, one) for one in value]
    lines: list[str] = []
    can_join = False
    for number, (key, one) in enumerate(entries):
        name = "" if key is None else f"{json.dumps(key, ensure_ascii=False)}: "
        part = _compact(one, width - 2, len(name) + 1)
        part[0] = name + part[0]
        part[-1] += "," if number + 1 < len(entries) else ""
        is_plain = len(part) == 1 and not isinstance(one, dict | list)
        if is_plain and can_join and len(lines[-1]) + len(part[0]) + 3 <= width:
            lines[-1] += " " + part[0]
        else:
            lines += part
        can_join = is_plain
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return [begin, *(f"  {line}" for line in lines), end]


def called() -> str:
    """How this command is called from here: by its name where the shell finds it, else by its path."""
    here = Path(sys.argv[0])
    if shutil.which("joulebus") is not None or here.name != "joulebus":
        return "joulebus"
    return str(here.relative_to(Path.cwd()) if here.is_absolute() and here.is_relative_to(Path.cwd()) else here)
