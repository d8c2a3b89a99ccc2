"""The command line as a stranger uses it."""

from tests.planning.conftest import joulebus as joulebus
