"""Options that many commands have."""

from typing import Annotated

import typer

HomeOption = Annotated[str | None, typer.Option("--home", help="Name of the running home; needed when several are running.")]
DatabaseHomeOption = Annotated[str | None, typer.Option("--home", help="Which home, in a database with several.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
