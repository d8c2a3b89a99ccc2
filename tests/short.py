"""Of many cases of one law those that CI tells; the others are told by ``make test-all``."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def in_short(cases: Iterable[Any], *told: Any) -> list[Any]:
    """All cases for ``parametrize``, and those that are not told in short marked as slow."""
    found: Collection[Any] = list(cases)
    missing = [one for one in told if one not in found]
    assert not missing, f"no cases: {missing}"
    return [one if one in told else pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=pytest.mark.slow) for one in found]
