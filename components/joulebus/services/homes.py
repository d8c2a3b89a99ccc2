"""The homes of this machine, for the admin of one that runs: listed, created, copied, exported, started, stopped and deleted.

All that is written lies in the folder where homes keep their books, one folder for each; names are those of the bus, so none leads
elsewhere. Whoever is the admin of a home stands for the person who owns the machine's homes.
"""

import asyncio
import re
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from joulebus.addresses import dashboard_of
from joulebus.bus import Bus
from joulebus.bus.component import Listener, answers
from joulebus.bus.timers import spawn
from joulebus.errors import BusError, HomeFileError, JoulebusError, RosterError
from joulebus.files import replace_atomically
from joulebus.homefile.home_file import read_home_text
from joulebus.refusals.messages import guess
from joulebus.rundir import HOME_LOCK, JOURNAL, hold, holder, read_running
from joulebus.services.errands import Errand
from joulebus.services.whatif import files_in
from joulebus_schemas.calls import Exported, Nothingness
from joulebus_schemas.homes import (
    HOMES_MAX,
    AskCopyHome,
    AskCreateHome,
    AskDeleteHome,
    AskHome,
    HomeExample,
    HomeOfMachine,
    HomesListed,
)

HOMES = "homes"
HOME_FILE = "home.yaml"
"""The file of a home that was created here, in its folder."""
FILE_OF_HOME = "home_file.txt"
"""Where the file of a home lies that was started with one of elsewhere."""
EXAMPLE_HOMES = Path(__file__).parents[3] / "examples" / "homes"
"""Where joulebus runs from its sources; elsewhere there are none."""
RUNNING_MAX = 8
START_SECONDS_MAX = 180.0
NAME_LINE = re.compile(r"^home:[^\n]*$", re.MULTILINE)
EMPTY = """# An empty home: a grid, and nothing else yet.
home: {name}
place: {{latitude_degrees: 50.85, longitude_degrees: 4.35, altitude_m: 15, timezone: Europe/Brussels}}
devices:
  grid: {{kind: grid}}
"""


@dataclass
class Homes(Listener):
    """Answers ``homes.*`` in the supervisor's process."""

    part = "home"

    bus: Bus
    home: str
    folder: Path
    """Where this home keeps its books; those of the others lie beside it."""
    _starting: dict[str, str | None] = field(default_factory=dict)
    """What was started from here: why it failed, or None while it comes up."""

    @answers("list", owner=HOMES)
    def list_homes(self, ask: Nothingness) -> HomesListed:
        """All homes of this machine and the examples."""
        names = [path.name for path in sorted(self.folder.parent.iterdir()) if is_home(path)]
        examples = tuple(HomeExample(name=path.stem, description=first_comment(path)) for path in example_files())
        return HomesListed(homes=tuple(map(self._told, names)), examples=examples, this=self.home)

    @answers("create", owner=HOMES)
    def create(self, ask: AskCreateHome) -> HomeOfMachine:
        """A new home, which is not started yet.

        Raises:
            RosterError: The name is taken, there are too many homes, or both an example and a file are given.
            HomeFileError: The file does not describe a home, or names files of this machine.
        """
        if ask.example is not None and ask.yaml is not None:
            raise RosterError("a home begins with an example or with a home file, not with both")
        text = ask.yaml if ask.yaml is not None else EMPTY.format(name=ask.name) if ask.example is None else example_text(ask.example)
        if ask.yaml is not None and (named := files_in(ask.yaml)):
            raise HomeFileError(f"a home file that is sent may name no files of this machine, but {named[0]} does: leave it out")
        return self._create(ask.name, text)

    @answers("copy", owner=HOMES)
    async def copy(self, ask: AskCopyHome) -> HomeOfMachine:
        """A new home like another one.

        Raises:
            RosterError: There is no such home, the name is taken, or there are too many homes.
            HomeFileError: Its file has no line with its name.
        """
        self._check_free(ask.to)
        return self._create(ask.to, (await self.export(AskHome(name=ask.name))).yaml)

    @answers("export", owner=HOMES)
    async def export(self, ask: AskHome) -> Exported:
        """A home as a home file: as it is now, when it has lived.

        Raises:
            RosterError: There is no such home.
        """
        folder = self._known(ask.name)
        if (folder / JOURNAL).exists():
            return Exported(yaml=(await Errand("export_home", {"journal": str(folder / JOURNAL)}, lambda ppm: None).run())["yaml"])
        return Exported(yaml=file_of(folder).read_text())

    @answers("delete", owner=HOMES)
    def delete(self, ask: AskDeleteHome) -> HomesListed:
        """Delete a stopped home with all of its books.

        Raises:
            RosterError: There is no such home, it runs, or the confirmation is not its name.
        """
        folder = self._known(ask.name)
        if ask.confirm != ask.name:
            raise RosterError(f"to delete {ask.name} with all of its books, confirm must be its name, but was {ask.confirm!r}")
        try:
            lock = hold(folder)
        except BusError:
            raise RosterError(f"{ask.name} must be stopped before it is deleted, and it is running") from None
        with lock:
            shutil.rmtree(folder)
        self._starting.pop(ask.name, None)
        return self.list_homes(Nothingness())

    @answers("start", owner=HOMES)
    def start(self, ask: AskHome) -> HomeOfMachine:
        """Start a home, or continue it; it is up when the list says that it is running.

        Raises:
            RosterError: There is no such home, its file is gone, it runs already, or too many homes run.
        """
        folder = self._known(ask.name)
        if holder(folder) is not None or self._starting.get(ask.name, "") is None:
            raise RosterError(f"{ask.name} is running or starting already")
        alive = sum(holder(path) is not None for path in self.folder.parent.iterdir() if is_home(path))
        if alive >= RUNNING_MAX:
            raise RosterError(f"at most {RUNNING_MAX} homes may run on this machine when they are started from here: stop one first")
        file = file_of(folder)
        if not file.is_file():
            raise RosterError(f"the file of {ask.name} is not at {file} any more: start it with `joulebus up FILE`")
        self._starting[ask.name] = None
        spawn(self._start(ask.name, file))
        return self._told(ask.name)

    @answers("stop", owner=HOMES)
    def stop(self, ask: AskHome) -> HomeOfMachine:
        """Stop a home in order; `start` continues it.

        Raises:
            RosterError: There is no such home, or it does not run.
        """
        folder = self._known(ask.name)
        if holder(folder) is None:
            raise RosterError(f"{ask.name} must be running to be stopped, but is not")
        spawn(joulebus("down", ask.name))
        return self._told(ask.name)

    async def _start(self, name: str, file: Path) -> None:
        said = await joulebus("up", str(file), "--detach")
        if said:
            self._starting[name] = said
        else:
            self._starting.pop(name, None)

    def _create(self, name: str, text: str) -> HomeOfMachine:
        self._check_free(name)
        folder = self.folder.parent / name
        text, count = NAME_LINE.subn(f"home: {name}", text, count=1)
        try:
            read = read_home_text(text, folder / HOME_FILE)
        except HomeFileError as error:
            raise HomeFileError(str(error).replace(f"{folder}/", "")) from None
        if not count or read.name != name:
            raise HomeFileError('a home file must have a line "home: NAME", so that the name can be replaced')
        folder.mkdir(mode=0o700)
        try:
            replace_atomically(folder / HOME_FILE, text.encode(), 0o600)
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return self._told(name)

    def _check_free(self, name: str) -> None:
        self._check_here()
        if (self.folder.parent / name).exists():
            raise RosterError(f"the name {name} is taken: choose another, or delete that home first")
        if sum(map(is_home, self.folder.parent.iterdir())) >= HOMES_MAX:
            raise RosterError(f"a machine may have at most {HOMES_MAX} homes: delete one first")

    def _check_here(self) -> None:
        if not (self.folder / HOME_LOCK).exists():
            raise RosterError(f"{self.home} lives in a container or a cluster, where whoever runs that makes homes")

    def _known(self, name: str) -> Path:
        self._check_here()
        folder = self.folder.parent / name
        if not is_home(folder):
            names = [path.name for path in sorted(self.folder.parent.iterdir()) if is_home(path)]
            raise RosterError(f"there is no home {name} on this machine; {guess(name, names, 'there are')}")
        return folder

    def _told(self, name: str) -> HomeOfMachine:
        folder = self.folder.parent / name
        is_coming = self._starting.get(name, "") is None  # Nobody can open its page before `up` says that it is there.
        is_held = holder(folder) is not None
        lives, page = is_held and not is_coming, None
        if lives:
            try:
                page = dashboard_of(read_running(folder).guest_url)
            except JoulebusError:
                lives = False  # It has its lock and no address yet.
        return HomeOfMachine(
            name=name,
            state="running" if lives else "starting" if is_held or is_coming else "stopped",
            page=page,
            has_books=(folder / JOURNAL).exists(),
            description=first_comment(file_of(folder)),
            error=self._starting.get(name),
        )


def is_home(folder: Path) -> bool:
    """Whether a folder is that of a home, and no link to somewhere else."""
    return folder.is_dir() and not folder.is_symlink() and ((folder / JOURNAL).exists() or (folder / HOME_FILE).exists())


def file_of(folder: Path) -> Path:
    """The home file with which a home is started."""
    if (folder / HOME_FILE).exists():
        return folder / HOME_FILE
    try:
        return Path((folder / FILE_OF_HOME).read_text())
    except OSError:
        return folder / HOME_FILE


def example_files() -> list[Path]:
    """The home files that are examples, sorted by name."""
    return sorted(EXAMPLE_HOMES.glob("*.yaml"))


def example_text(name: str) -> str:
    """The text of an example.

    Raises:
        RosterError: There is no such example.
    """
    found = {path.stem: path for path in example_files()}
    if name not in found:
        raise RosterError(f"there is no example {name}; {guess(name, found, 'there are')}")
    return found[name].read_text()


def first_comment(file: Path) -> str:
    """The first line of a home file without its mark, when it is a comment."""
    try:
        with file.open() as stream:
            line = stream.readline(400).strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return line.lstrip("# ")[:300] if line.startswith("#") else ""


async def joulebus(*words: str) -> str:
    """A command of the command line; what it complained about, "" when it has done its work."""
    script = "import sys; from joulebus.cli.main import main; sys.exit(main())"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", script, *words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), START_SECONDS_MAX)
    except TimeoutError:
        process.kill()
        return f"joulebus {words[0]} did not end within {START_SECONDS_MAX:.0f} s"
    return "" if process.returncode == 0 else said.decode(errors="replace").strip()[-2_000:] or f"it ended with {process.returncode}"
