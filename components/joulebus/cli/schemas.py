"""``joulebus schemas``: write the catalogue of messages, collected from the classes of all components."""

from pathlib import Path

from joulebus.bus.component import Listener
from joulebus.catalogue.files import Catalogue, write_catalogue
from joulebus.devices import KINDS
from joulebus.errors import UsageError
from joulebus.extras import need
from joulebus.refusals.system import reason
from joulebus.registry import COMPONENTS, loaded
from joulebus_schemas.versions import SPECIFICATION


def classes() -> tuple[type[Listener], ...]:
    """Who says, hears, answers and asks: the classes of all components."""
    return tuple(loaded(dotted) for component in COMPONENTS for dotted in component.classes)


def catalogue() -> Catalogue:
    """The version of the specification."""
    return Catalogue(classes(), KINDS.values(), SPECIFICATION)


def run_schemas(directory: Path) -> None:
    """Write all files of the catalogue.

    Raises:
        UsageError: The directory cannot be written.
    """
    need("asyncapi_schema_pydantic")
    try:
        write_catalogue(catalogue(), directory)
    except OSError as error:
        raise UsageError(f"the catalogue cannot be written to {directory}: {reason(error)}") from None
