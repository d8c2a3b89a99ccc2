"""``joulebus journal``: what a journal consists of, and moving its old files away."""

from pathlib import Path
from typing import Annotated

import typer

from joulebus.errors import JournalError

journal_app = typer.Typer(no_args_is_help=True, help="List the files of a journal, or move old ones away.")

SourceArgument = Annotated[str, typer.Argument(help="Journal, run directory, or the name of a home on this machine.")]


@journal_app.command("files")
def files(source: SourceArgument) -> None:
    """List the files of a journal, and what was moved away."""
    from joulebus.journal.file import Journal
    from joulebus.rundir import journal_of

    path = journal_of(source)
    with Journal.view(path) as journal:
        for gap in journal.gaps():
            print(f"{gap} were moved away")
        for segment in journal.segments():
            print(f"{segment.path}  {segment.path.stat().st_size:,} bytes, records {segment.first:,} to {segment.last:,}")
        print(f"{path}  {journal.open_bytes:,} bytes, records {journal.open_first:,} to {journal.last_number:,}, still open")


@journal_app.command("archive", epilog="Examples: joulebus journal archive house --to /mnt/archive --before 2026-01-01T00:00Z")
def archive_command(
    source: SourceArgument,
    to: Annotated[Path, typer.Option("--to", help="Directory to move them to.")],
    before: Annotated[
        str | None, typer.Option("--before", help="Only files that end before this date or time, in the home's time zone.")
    ] = None,
) -> None:
    """Move compacted files away, also while the home is running; reports name what is missing."""
    from joulebus.cli.moments import unix_of
    from joulebus.journal.archive import archive as move
    from joulebus.journal.pieces import birth_in
    from joulebus.rundir import journal_of

    path = journal_of(source)
    born = birth_in(path)
    if born is None:
        raise JournalError(f"a journal must have a record to be archived, but {path} is empty")
    tick = (
        None
        if before is None
        else (unix_of("--before", before, lambda: born.place.timezone) - born.start_unix_seconds) // born.tick_seconds
    )
    moved = move(path, to, tick)
    for segment in moved:
        print(f"{segment.path}  records {segment.first:,} to {segment.last:,}")
    print(f"{len(moved)} files were moved to {to}")
