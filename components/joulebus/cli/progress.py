"""The progress bar of long commands, on a terminal only."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

PERCENT = "{task.percentage:>3.0f} %"
COUNT = "{task.completed} of {task.total}"


@contextmanager
def progress_bar(title: str, text: str = PERCENT) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that is gone afterwards; the function in it is told how much is done, and of how much."""
    console = Console(stderr=True)
    bar = (TextColumn("{task.description}"), BarColumn(), TextColumn(text), TimeRemainingColumn(elapsed_when_finished=True))
    with Progress(*bar, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
