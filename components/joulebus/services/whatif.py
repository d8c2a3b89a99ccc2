"""What-if runs of a living home: one at a time in a process of its own, some waiting, some results remembered."""

from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joulebus.bus import Bus
from joulebus.bus.component import Listener, Says, answers
from joulebus.bus.timers import spawn
from joulebus.devices import KINDS
from joulebus.errors import HomeFileError, JoulebusError, RosterError
from joulebus.home.named_files import names_file
from joulebus.homefile.yaml_lines import YamlProblem, read_yaml
from joulebus.services.errands import Errand
from joulebus_schemas import topics
from joulebus_schemas.calls import Nothingness
from joulebus_schemas.whatif import AskRun, AskWhatIf, RunState, WhatIfList, WhatIfRun, WhatIfState

RUNS_WAITING_MAX = 3
RUNS_KEPT_MAX = 16


@dataclass
class KeptRun:
    """One of them, as it is known here."""

    name: str
    ask: AskWhatIf
    state: RunState = "queued"
    progress_ppm: int = 0
    error: str | None = None
    result: dict[str, Any] = field(default_factory=dict)


@dataclass
class WhatIf(Listener):
    """Answers ``whatif.*`` in the supervisor's process."""

    part = "home"
    say_changed = Says(topics.WHATIF_CHANGED)

    bus: Bus
    home: str
    journal: Path
    folder: Path

    def __post_init__(self) -> None:
        self._runs: OrderedDict[str, KeptRun] = OrderedDict()
        self._errand: tuple[str, Errand] | None = None
        self._started = 0

    @answers("start", owner=topics.WHATIF)
    def start(self, ask: AskWhatIf) -> WhatIfState:
        """Start a run, or let it wait for the one before.

        Raises:
            RosterError: Too many wait, there is no home to begin with, or a file is named.
        """
        self._check(ask)
        if len(self._waiting()) >= RUNS_WAITING_MAX:
            raise RosterError(f"at most {RUNS_WAITING_MAX} runs may wait in {self.home}: wait for one, or cancel one")
        self._started += 1
        run = KeptRun(f"w{self._started}", ask)
        self._runs[run.name] = run
        while len(self._runs) > RUNS_KEPT_MAX:
            self._runs.pop(next(name for name, one in self._runs.items() if one.state not in ("queued", "running")))
        self._go_on()
        return self._state(run)

    @answers("cancel", owner=topics.WHATIF)
    def cancel(self, ask: AskRun) -> WhatIfState:
        """Cancel a run; one that is over stays as it is.

        Raises:
            RosterError: There is no such run.
        """
        run = self._known(ask.run)
        if run.state in ("queued", "running"):
            self._become(run, "cancelled")
            if self._errand is not None and self._errand[0] == run.name:
                self._errand[1].cancel()
        return self._state(run)

    @answers("get", owner=topics.WHATIF)
    def get(self, ask: AskRun) -> WhatIfRun:
        """A run, and its result when it is done.

        Raises:
            RosterError: There is no such run.
        """
        run = self._known(ask.run)
        return WhatIfRun.model_validate({"state": self._state(run), **run.result}, strict=False)

    @answers("list", owner=topics.WHATIF)
    def list_runs(self, ask: Nothingness) -> WhatIfList:
        """All runs that are remembered."""
        return WhatIfList(runs=tuple(self._state(run) for run in reversed(self._runs.values())))

    def _check(self, ask: AskWhatIf) -> None:
        if (ask.yaml is None) == (ask.source == "file"):
            raise RosterError("yaml must be given when the source is file, and only then")
        if ask.source == "running" and not self.journal.exists():
            raise RosterError(f"the books of {self.home} are not where its supervisor is: ask with a home file (home.export writes one)")
        named = [path for one in ask.variants for path, value in one.changes.items() if names_file(path.rpartition(".")[2], value)]
        named += [] if ask.yaml is None else files_in(ask.yaml)
        if named:
            raise RosterError(
                f"a what-if may name no files of this machine, but {named[0]} does; leave it out, or plan with `joulebus plan`"
            )

    def _waiting(self) -> list[KeptRun]:
        return [run for run in self._runs.values() if run.state == "queued"]

    def _known(self, name: str) -> KeptRun:
        if name not in self._runs:
            raise RosterError(f"there is no run {name}; there are {', '.join(self._runs) or 'none'}")
        return self._runs[name]

    def _state(self, run: KeptRun) -> WhatIfState:
        waiting = [one.name for one in self._waiting()]
        place = waiting.index(run.name) + (self._errand is not None) if run.name in waiting else 0
        return WhatIfState(run=run.name, state=run.state, progress_ppm=run.progress_ppm, place=place, error=run.error)

    def _become(self, run: KeptRun, state: RunState) -> None:
        run.state = state
        self.say_changed(self._state(run))

    def _go_on(self) -> None:
        waiting = self._waiting()
        if self._errand is not None or not waiting:
            return
        run = waiting[0]
        order = {"ask": run.ask.model_dump(mode="json"), "journal": str(self.journal), "folder": str(self.folder)}
        errand = Errand("what_if", order, lambda ppm: self._progress(run, ppm))
        self._errand = run.name, errand
        self._become(run, "running")
        spawn(self._live(run, errand))

    def _progress(self, run: KeptRun, ppm: int) -> None:
        if run.state == "running":
            run.progress_ppm = ppm
            self.say_changed(self._state(run))

    async def _live(self, run: KeptRun, errand: Errand) -> None:
        try:
            found = await errand.run()
            WhatIfRun.model_validate({"state": self._state(run), **found}, strict=False)  # What cannot be answered has failed.
        except (JoulebusError, ValueError) as error:
            run.error = str(error)[:2_000] if run.state == "running" else None
        else:
            run.result, run.progress_ppm = found, 1_000_000
        finally:
            self._errand = None
            if run.state == "running":
                self._become(run, "failed" if run.error is not None else "done")
            self._go_on()


def files_in(yaml: str) -> list[str]:
    """The properties of a home file that name files of this machine, or whatever else a device is to read.

    Raises:
        HomeFileError: It cannot be read.
    """
    try:
        value = read_yaml(yaml).value
    except YamlProblem as error:
        raise HomeFileError(f"the home file:{error.line}: {error}") from None
    devices = value.get("devices") if isinstance(value, dict) else None
    found = [(name, key, said) for name, one in (devices or {}).items() if isinstance(one, dict) for key, said in one.items()]
    return [f"{name}.{key}" for name, key, said in found if names_file(str(key), said) or (said and key in _sources(devices, name))]


def _sources(devices: Any, name: str) -> frozenset[str]:
    kind = devices[name].get("kind")
    return KINDS[kind].sources if isinstance(kind, str) and kind in KINDS else frozenset()
