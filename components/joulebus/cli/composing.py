"""``joulebus compose``: a home as a file for Docker Compose."""

import os
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

composing_app = typer.Typer()


@composing_app.command(epilog="Example: joulebus compose my_home.yaml -o docker-compose.yml && docker compose up -d --wait")
def compose(
    home_file: Annotated[Path, typer.Argument(metavar="HOME", help="The home file.", exists=True, dir_okay=False)],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write this file; default: print it.")] = None,
) -> None:
    """Write a home as a file for Docker Compose, in which each device is a container."""
    text = composed(home_file, output.parent if output is not None else Path())
    if output is None:
        print(text, end="")
        return
    output.write_text(text, encoding="utf-8")
    print(f"{output} is written; `make images` builds its images, and `docker compose up -d --wait` starts the home")


def composed(home_file: Path, folder: Path) -> str:
    """The text of a file for Compose that will be in a folder.

    Raises:
        HomeFileError: The home file is wrong, or a device is called as a service that every home has.
    """
    from joulebus.homefile.home_file import load_home_file
    from joulebus.provision.compose_file import ComposePlan, compose_text

    seen_from = PurePosixPath(os.path.relpath(home_file.resolve(), folder.resolve()))
    return compose_text(ComposePlan(load_home_file(home_file), seen_from))
