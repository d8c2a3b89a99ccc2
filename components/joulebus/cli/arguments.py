"""Arguments of procedures, as people type them."""

from pathlib import Path
from typing import Any

from joulebus.errors import UsageError
from joulebus.homefile.members import LIBRARY, is_file
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


def parse_properties(pairs: list[str]) -> dict[str, Any]:
    """The same for properties of a device: a file that is here is meant, whatever folder its home is in. Raises as above."""
    values = parse_arguments(pairs)
    here = {key: value for key, value in values.items() if is_file(key) and isinstance(value, str) and not value.startswith(LIBRARY)}
    return values | {key: str(Path(value).absolute()) for key, value in here.items() if Path(value).is_file()}
