"""joulebus: a home made of energy packets.

In a notebook: ``joulebus.load("house.yaml").plan(days=7).frame("hour")``; docs/tutorial.md goes through it. Nothing is
imported before it is asked for: a device's process has no room for pandas.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joulebus.planning.api import Figures, HomeComparison, HomeModel, HomeRun, load, open_run

    __version__: str
    """Version of the installed package; its one source is components/core/Cargo.toml."""

__all__ = ["HomeComparison", "Figures", "HomeModel", "HomeRun", "load", "open_run"]


def __getattr__(name: str) -> Any:
    """What notebooks use, when they use it.

    Raises:
        AttributeError: There is nothing of this name.
    """
    if name == "__version__":
        from importlib.metadata import version

        return version("joulebus")
    if name not in __all__:
        raise AttributeError(f"module 'joulebus' has no attribute {name!r}")
    from joulebus.planning import api as notebook

    return getattr(notebook, name)
