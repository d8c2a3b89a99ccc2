"""The command line as a stranger uses it, as in the tests of plans."""

from tests.planning.conftest import joulebus

__all__ = ["joulebus"]
