"""The package asyncapi-schema-pydantic, for tools that speak AsyncAPI 2.3: the one place that imports it.

Its only releases (1.0.0 and 1.0.1, 2022) are written for pydantic 1 and cannot be imported beside pydantic 2. Pydantic 2 still
ships its predecessor as ``pydantic.v1``; so that one is called ``pydantic`` while the package is imported, and for no longer.
The package cannot carry all that we say (``LOST`` in asyncapi_two.py lists it), and nothing of AsyncAPI 3.0: the documents that
everything else is made from are written without it.
"""

import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
JUNK = "#-special-path-#-extras-#-special-#"
"""A key of its own that the package leaves in its output."""


def written(document: dict[str, Any]) -> dict[str, Any]:
    """A 2.3 document, validated by the package and as it writes it."""
    return _clean(_async_api().parse_obj(document))


def read_two(path: Path) -> dict[str, Any]:
    """A 2.3 document from a YAML file, as the package reads it."""
    return _clean(_async_api().load_from_file(str(path)))


@cache
def _async_api() -> Any:
    with _predecessor_of_pydantic():
        from asyncapi_schema_pydantic import AsyncAPI
    return AsyncAPI


@contextmanager
def _predecessor_of_pydantic() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It warns of Python 3.14, for which it has code all the same.
        import pydantic.v1 as predecessor
    present = sys.modules["pydantic"]
    sys.modules["pydantic"] = predecessor
    try:
        yield
    finally:
        sys.modules["pydantic"] = present


def _clean(model: Any) -> dict[str, Any]:
    """Without the package's own key, and with integers that are integers: it turns all limits into floats."""
    plain: dict[str, Any] = _cleaned(json.loads(model.json(by_alias=True, exclude_unset=True)))
    return plain


def _cleaned(value: Any) -> Any:
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _whole(one) if key in NUMBERS else _cleaned(one) for key, one in value.items() if key != JUNK}


def _whole(number: Any) -> Any:
    return int(number) if isinstance(number, float) and number.is_integer() else _cleaned(number)
