"""One command for every container: ``python -m joulebus.services.run COMPONENT …``. Ends non-zero when it cannot do its job."""

import argparse
import logging
import os
import sys
from pathlib import Path

from joulebus.addresses import LOOPBACK
from joulebus.errors import JoulebusError
from joulebus.refusals.system import system_sentence
from joulebus.registry import MODULE, STARTABLE, Argument, ComponentRecord, loaded
from joulebus_schemas.principals import device


def parser() -> argparse.ArgumentParser:
    """The parser for all components; secrets are passed in files."""
    made = argparse.ArgumentParser(prog=MODULE, description=__doc__)
    components = made.add_subparsers(dest="component", required=True, metavar="COMPONENT")
    for name, component in STARTABLE.items():
        _add_arguments(components.add_parser(name), component)
    return made


def _add_arguments(one: argparse.ArgumentParser, component: ComponentRecord) -> None:
    one.add_argument("--home", required=True, help="name of the home, the second part of every URI")
    one.add_argument("--router", required=True, help="ws://host:port/path or unix:/path")
    one.add_argument("--ticket-file", type=Path, required=True)
    one.add_argument(
        "--models",
        default=os.environ.get("JOULEBUS_MODELS"),
        help="where the specification is kept: http://host:port/; default: $JOULEBUS_MODELS",
    )
    one.add_argument("--models-cache", type=Path, default=Path("models"), help="folder for what was fetched from there")
    one.add_argument("--tls-ca", help="PEM file of the authority by which a wss:// router is checked; default: those of the machine")
    one.add_argument("--metrics-port", type=int, help="answer Prometheus and probes on this port")
    one.add_argument("--metrics-address", default=LOOPBACK, help="of this address; default: %(default)s")
    for argument in component.arguments:
        _add(one, argument)


def _add(one: argparse.ArgumentParser, argument: Argument) -> None:
    if argument.type is None:
        one.add_argument(argument.flag, action="store_true", help=argument.help)
        return
    one.add_argument(
        argument.flag,
        type=argument.type,
        required=argument.required,
        default=argument.default,
        choices=argument.choices,
        help=argument.help,
    )


def main(argv: list[str] | None = None) -> int:
    """Run one component until it is told to stop."""
    given = parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        check_models(given)
        run(STARTABLE[given.component], given)
    except JoulebusError as error:
        print(f"joulebus {given.component}: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:  # Above all a disk that is full before anything has begun.
        print(f"joulebus {given.component}: {system_sentence(error)}", file=sys.stderr)
        return JoulebusError.exit_code
    return 0


def check_models(given: argparse.Namespace) -> None:
    """Before it speaks: does the store of models mean by these words what it means?"""
    if given.models:
        from joulebus.services.models import compare_models

        compare_models(given.models, given.models_cache, given.component)


def run(component: ComponentRecord, given: argparse.Namespace) -> None:
    """Build a component and run it on the bus."""
    from joulebus.bus.wamp import Access, WampBus
    from joulebus.services.metrics import watch_bus
    from joulebus.services.probes import serve

    assert component.build is not None, "what cannot be started is no choice of the command line"
    name = given.name if component.is_each_device else component.name
    bus = WampBus(Access(given.router, device(given.home, name), given.ticket_file, given.tls_ca))
    one = loaded(component.build)(bus, given)
    one.start()
    watch_bus(device(given.home, name), bus)
    if given.metrics_port:
        serve(one, given.metrics_address, given.metrics_port)
    bus.run()


if __name__ == "__main__":
    sys.exit(main())
