"""Which database a component was given: on its command line, or in a file, because its URL has a password."""

from argparse import Namespace
from pathlib import Path

from joulebus.errors import SetupError
from joulebus.refusals.system import reason


def store_given(given: Namespace) -> str:
    """The URL of the database.

    Raises:
        SetupError: Neither or both are given, or the file cannot be read.
    """
    if (given.store is None) == (given.store_file is None):
        raise SetupError("a database must be given: either --store URL, or --store-file FILE with the URL in it")
    return given.store if given.store_file is None else store_in(Path(given.store_file))


def store_in(file: Path) -> str:
    """The URL in a file.

    Raises:
        SetupError: It cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SetupError(f"the file with the URL of the database, {file}, must be readable, but is not: {reason(error)}") from None
