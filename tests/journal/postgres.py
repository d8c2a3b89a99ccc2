"""A real PostgreSQL for tests: started in a directory of its own, on a free port, by a user that is not root."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOMES_OF_POSTGRESQL = Path("/usr/lib/postgresql")


@contextmanager
def running_postgres() -> Iterator[str]:
    """URL of a server that lives as long as the context."""
    programs = _programs()
    directory = Path(tempfile.mkdtemp(prefix="joulebus-postgres-"))
    try:
        _own(directory)
        _run(programs / "initdb", "-D", directory / "data", "-A", "trust", "-U", "joulebus", "-E", "UTF8", "--no-sync")
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={directory}"
        _run(programs / "pg_ctl", "-D", directory / "data", "-l", directory / "log", "-o", options, "-w", "start")
        try:
            yield f"postgresql://joulebus@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", directory / "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(directory)


def _programs() -> Path:
    """Where initdb is; Debian's package is installed when it is nowhere."""
    if not list(HOMES_OF_POSTGRESQL.glob("*/bin/initdb")):
        subprocess.run(["apt-get", "install", "--yes", "--no-install-recommends", "postgresql"], check=True)
    return sorted(HOMES_OF_POSTGRESQL.glob("*/bin/initdb"))[-1].parent


def _own(directory: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(directory, user.pw_uid, user.pw_gid)


def _run(*command: object) -> None:
    """As ``postgres`` when we are root, who may not run a server."""
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *words]
    subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=120)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
