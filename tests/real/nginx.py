"""A real nginx that serves models to tests, as people start it."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from joulebus.addresses import free_port
from tests.real.router import ROOT, wait_until

SERVE = ROOT / "infra/nginx/serve.sh"


class Nginx:
    """A folder of models on a port of loopback, until :meth:`stop`; without root, and with nothing written outside of its own folder."""

    def __init__(self, models: Path) -> None:
        self.models = models
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._process = subprocess.Popen([SERVE, str(models), str(self.port)], stderr=subprocess.PIPE, text=True)
        wait_until(self._answers, "nginx answers")

    def _answers(self) -> bool:
        assert self._process.poll() is None, f"nginx has ended: {self._process.stderr.read() if self._process.stderr else ''}"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """End it, and what it has left."""
        self._process.terminate()
        self._process.wait(timeout=20)


@pytest.fixture(scope="session")
def models() -> Path:
    """What ``cd/process_specs.sh`` makes, anew when it is not what the documents say; several workers wait for one another."""
    made = subprocess.run([ROOT / "cd/process_specs.sh"], capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    return ROOT / ".build/models"


@pytest.fixture(scope="session")
def store(models: Path) -> Iterator[Nginx]:
    """The models as people get them."""
    nginx = Nginx(models)
    yield nginx
    nginx.stop()
