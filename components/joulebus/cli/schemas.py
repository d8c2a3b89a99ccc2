"""``joulebus schemas``: write the catalogue of messages. Here stands who is in it; what each says and hears is in its class."""

from pathlib import Path

from joulebus.bus.component import Listener
from joulebus.catalogue.files import Catalogue, write_catalogue
from joulebus.cli.up import Greeter
from joulebus.cli.watching import Watcher
from joulebus.devices import KINDS
from joulebus.errors import ReportError
from joulebus.extras import need
from joulebus.services.balancer import Balancer
from joulebus.services.follower import Historian
from joulebus.services.hub import Hub
from joulebus.services.node import DeviceNode
from joulebus.services.supervisor import Supervisor
from joulebus_schemas.versions import SPECIFICATION

CLASSES: tuple[type[Listener], ...] = (Balancer, Historian, Hub, DeviceNode, Supervisor, Greeter, Watcher)


def catalogue() -> Catalogue:
    """Of this version of the specification."""
    return Catalogue(CLASSES, KINDS.values(), SPECIFICATION)


def run_schemas(directory: Path) -> None:
    """Write all files of the catalogue."""
    need("asyncapi_schema_pydantic")
    try:
        write_catalogue(catalogue(), directory)
    except OSError as error:
        raise ReportError(f"the catalogue must be written into a folder, but {directory} is none that can be written: {error}") from None
