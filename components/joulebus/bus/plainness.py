"""Plain JSON: what every serialiser of the bus can carry, and every reader can read. Imports nothing of ours: the router uses it, too.

One integer of 2^64, one NaN, one half of a surrogate pair or a thousand brackets, passed on by an honest component, would be lost for
all who listen.
"""

from itertools import chain
from math import isfinite
from typing import Any

PLAIN_INTEGER_MAX = 2**53 - 1
"""The largest that JavaScript does not round; as INTEGER_MAX in joulebus_schemas."""
MESSAGE_DEPTH_MAX = 32
SCALARS = frozenset({str, int, float, bool, type(None)})
CONTAINERS = frozenset({dict, list})


def why_not_plain(payload: Any) -> str | None:
    """Why some serialiser could not carry a value, as a sentence. Goes down level by level: no nesting can exhaust the stack."""
    level: list[Any] = [payload]
    for _ in range(MESSAGE_DEPTH_MAX):
        types = set(map(type, level))
        if not types <= SCALARS | CONTAINERS:
            return f"a message must be plain JSON; it holds {sorted(one.__name__ for one in types - SCALARS - CONTAINERS)}"
        wrong = _wrong_number(level, types) or _wrong_text(level, types)
        if wrong is not None or not types & CONTAINERS:
            return wrong
        mappings = [value for value in level if type(value) is dict] if dict in types else []
        keys = list(chain.from_iterable(mappings))
        if any(type(key) is not str for key in keys):
            return "a message must be plain JSON; it holds a key that is not text"
        wrong = _wrong_text(keys, {str})
        if wrong is not None:
            return wrong
        lists = [value for value in level if type(value) is list] if list in types else []
        level = list(chain(chain.from_iterable(lists), chain.from_iterable(mapping.values() for mapping in mappings)))
    return f"a message must not be nested deeper than {MESSAGE_DEPTH_MAX} levels; make it flatter"


def _wrong_number(level: list[Any], types: set[type]) -> str | None:
    """Integers that JavaScript rounds, and what is not a number."""
    if int in types:
        integers = level if len(types) == 1 else [value for value in level if type(value) is int]
        if min(integers) < -PLAIN_INTEGER_MAX or max(integers) > PLAIN_INTEGER_MAX:
            return "an integer must be within plus or minus 2^53 - 1; one of this message is not"
    if float in types and not all(isfinite(value) for value in level if type(value) is float):
        return "a number must be finite; one of this message is NaN or infinite"
    return None


def _wrong_text(level: list[Any], types: set[type]) -> str | None:
    """Halves of surrogate pairs, which JSON can write and UTF-8 cannot."""
    if str in types and any(not is_text(value) for value in level if type(value) is str):
        return "a text must be Unicode; one of this message holds half of a surrogate pair"
    return None


def is_text(value: str) -> bool:
    """Whether UTF-8 can say it."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
