"""joulebus: a home made of energy packets.

In a notebook: ``joulebus.load("house.yaml").plan(days=7).frame("hour")``; docs/tutorial.md goes through it. Nothing is
imported before it is asked for: a device's process has no room for pandas.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joulebus.planning.api import Figures, HomeComparison, HomeModel, HomeRun, load, open_run

__version__ = "0.1.0"
__all__ = ["HomeComparison", "Figures", "HomeModel", "HomeRun", "load", "open_run"]


def __getattr__(name: str) -> Any:
    """What notebooks use, when they use it."""
    if name not in __all__:
        raise AttributeError(f"module 'joulebus' has no attribute {name!r}")
    from joulebus.planning import api as notebook

    return getattr(notebook, name)
