"""The panels as a picture: an SVG of the terminal, which needs nothing from elsewhere to be drawn."""

import io
import re
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI

from joulebus.cli.panels import PanelsView
from joulebus.errors import UsageError
from joulebus.refusals.system import reason

SUFFIX = ".svg"
_FROM_ELSEWHERE = re.compile(r"@font-face \{\{.*?\}\}|<!--.*?-->", re.DOTALL)
_FORMAT = _FROM_ELSEWHERE.sub("", CONSOLE_SVG_FORMAT).replace("Fira Code, monospace", "ui-monospace, DejaVu Sans Mono, monospace")
"""Without fonts that a browser would fetch."""
UNIQUE_ID = "panels"


def check_picture(file: Path) -> None:
    """Refuse before anything is read.

    Raises:
        UsageError: The name of the file does not end in .svg.
    """
    if file.suffix != SUFFIX:
        raise UsageError(f"the panels are drawn as {SUFFIX}, but the file is {file.name}")


def write_picture(view: PanelsView, file: Path) -> None:
    """Draw them as large as the terminal is.

    Raises:
        UsageError: The file cannot be written.
    """
    size = Console().size
    console = Console(file=io.StringIO(), record=True, width=size.width, height=size.height, force_terminal=True, color_system="truecolor")
    console.print(view.render(size.width, size.height), height=size.height)
    drawn = console.export_svg(title=f"joulebus panels {view.title}", theme=MONOKAI, code_format=_FORMAT, unique_id=UNIQUE_ID)
    try:
        file.write_text("\n".join(line.rstrip() for line in drawn.splitlines()) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the picture cannot be written to {file}: {reason(error)}") from error
