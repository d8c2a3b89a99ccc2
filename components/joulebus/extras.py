"""What a command needs that is not installed with joulebus itself: each module, and the extra of the package that brings it."""

from importlib.util import find_spec

from joulebus.errors import SetupError

EXTRAS = {
    "asyncapi_schema_pydantic": "schemas",
    "kubernetes": "cluster",
    "plotly": "report",
    "psycopg": "postgres",
    "pyarrow": "report",
    "segno": "market",
}
"""Extra by module; ``tests/wheels`` compares it with ``components/pyproject.toml``."""


def missing(module: str | None) -> SetupError | None:
    """The error for a module that could not be imported, or None when no extra brings it."""
    root = (module or "").partition(".")[0]
    extra = EXTRAS.get(root)
    if extra is None:
        return None
    return SetupError(f"this needs {root}, which is not installed; install it with: pip install 'joulebus[{extra}]'")


def need(module: str) -> None:
    """Check before the work that a module of an extra is there.

    Raises:
        SetupError: It is not installed; the text names the extra.
    """
    error = missing(module)
    if error is not None and find_spec(module) is None:
        raise error


def need_driver(source: str | None) -> None:
    """Check that the driver of a database's URL is installed; for None and for SQLite there is nothing to check.

    Raises:
        SetupError: The driver of PostgreSQL is not installed.
    """
    if source is not None and source.startswith(("postgresql", "postgres")):
        need("psycopg")
