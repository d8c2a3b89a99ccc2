"""Where Crossbar is. It pins old packages, so it has an environment of its own, which an installed joulebus makes in the user's cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from joulebus.errors import SetupError
from joulebus.refusals.system import reason

LOCK = Path(__file__).with_name("router.txt")
"""Every package of the router with its hashes; a link to infra/locks in a checkout, a file in the wheel."""
INSTALL_SECONDS_MAX = 900
COMPLETE = "complete"
"""Written last into an environment, so that a half-made one is never used."""


def crossbar(say: Callable[[str], None] = lambda text: None) -> Path:
    """The router's executable: `$JOULEBUS_CROSSBAR`, that of a checkout, or that of the cache, which is made when it is not there.

    Raises:
        SetupError: The named executable does not exist, or the environment could not be made.
    """
    chosen = os.environ.get("JOULEBUS_CROSSBAR")
    if chosen:
        return _executable(chosen)
    beside = Path(sys.prefix).parent / ".venv-router" / "bin" / "crossbar"
    return beside if beside.exists() else install(say)


def install(say: Callable[[str], None]) -> Path:
    """Make the router's environment in the cache, unless it is there; the path of its executable.

    Raises:
        SetupError: Python's venv is missing, the packages could not be installed, or the cache cannot be written.
    """
    folder = environment()
    if not (folder / COMPLETE).exists():
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with _alone(folder.with_suffix(".lock")):
                if not (folder / COMPLETE).exists():
                    say(f"installing the router (Crossbar) into {folder}; this is done once and takes about a minute")
                    _make(folder)
        except OSError as error:
            raise SetupError(
                f"the router cannot be installed into {folder}: {reason(error)}; set XDG_CACHE_HOME to another folder"
            ) from None
    return folder / "bin" / "crossbar"


def environment() -> Path:
    """The folder of the router's environment in the cache: another one for each lock file and each Python."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "joulebus"
    made_of = LOCK.read_bytes() + f"{sys.version_info.major}.{sys.version_info.minor} {sys.platform}".encode()
    return cache / f"router-{hashlib.sha256(made_of).hexdigest()[:12]}"


def _executable(chosen: str) -> Path:
    found = shutil.which(chosen)
    if found is None:
        raise SetupError(f"JOULEBUS_CROSSBAR must name Crossbar's executable, but {chosen} is not an executable file")
    return Path(found)


def _make(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(folder)], "Python's venv module could not make it (on Debian: apt-get install python3-venv)")
    pip = [
        str(folder / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
    ]
    _run([*pip, "-r", str(LOCK)], "pip could not install its packages (is a package index reachable?)")
    (folder / COMPLETE).touch()


def _run(command: list[str], failed: str) -> None:
    # py-ubjson would otherwise want a C compiler; pip's own settings (index, proxies) are those of the user.
    settings = {**os.environ, "PYBJDATA_NO_EXTENSION": "1", "PYTHONPATH": ""}
    try:
        done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=INSTALL_SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired:
        raise SetupError(f"the router is not installed: {failed}; it took more than {INSTALL_SECONDS_MAX} s") from None
    if done.returncode != 0:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()] or ["no reason was given"]
        raise SetupError(f"the router is not installed: {failed}; the last line was: {lines[-1].strip()}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two homes that start at once install it one after the other."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
