"""Arguments of procedures, as people type them."""

from typing import Any

from joulebus.errors import UsageError
from joulebus.refusals.typed import value_of


def parse_arguments(pairs: list[str]) -> dict[str, Any]:
    """key=value pairs; a value is JSON when it can be read so, else text.

    Raises:
        UsageError: A word has no key or no equals sign.
    """
    out: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f'an argument must be key=value, but "{pair}" is not')
        out[key] = value_of(value)
    return out
