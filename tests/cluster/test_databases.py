"""History and market in PostgreSQL, whose URLs stand in a Secret: they are followed there, also after the database was away."""

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from joulebus_schemas.facts import EPOCH_SECONDS
from tests.cluster.conftest import CABIN, Installed
from tests.cluster.living import POSTGRESQL, PodHome, run
from tests.real.router import wait_until
from tests.stories.homes import replayed, write_home

SPACE, SERVER = "k-postgresql", "postgresql"
DATABASES = ("history", "market")
MARKET = """\
market:
  groups:
    utility: {from: eaf_generic_balancegroup, to: eaf_generic_balancegroup}
    house: {from: utility, to: utility}
    connection: {from: eaf_generic_balancegroup, to: eaf_generic_balancegroup}
  points:
    oven: {from: house}
    tv: {from: house}
    grid: {from: connection, to: connection}
"""
SERVER_OBJECTS = """\
apiVersion: v1
kind: Secret
metadata: {{name: {name}}}
stringData: {{password: {password}}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 5432}}]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, labels: {{app: {name}}}}}
spec:
  containers:
    - name: {name}
      image: {image}
      resources: {{requests: {{cpu: 150m}}}}
      env:
        - {{name: POSTGRES_USER, value: joulebus}}
        - {{name: POSTGRES_DB, value: history}}
        - {{name: POSTGRES_PASSWORD_FILE, value: /run/password/password}}
        - {{name: PGDATA, value: /var/lib/postgresql/data/joulebus}}
      readinessProbe: {{exec: {{command: [pg_isready, -h, 127.0.0.1, -U, joulebus]}}, periodSeconds: 1, timeoutSeconds: 5}}
      volumeMounts:
        - {{name: password, mountPath: /run/password}}
        - {{name: data, mountPath: /var/lib/postgresql/data}}
  volumes:
    - {{name: password, secret: {{secretName: {name}}}}}
    - {{name: data, emptyDir: {{}}}}
"""


class Server:
    """A PostgreSQL in a namespace of its own; its data outlives its process."""

    def __init__(self, folder: Path) -> None:
        self.password = secrets.token_urlsafe(16)
        file = folder / "server.yaml"
        file.write_text(SERVER_OBJECTS.format(name=SERVER, image=POSTGRESQL, password=self.password))
        run("kubectl", "delete", "namespace", SPACE, "--ignore-not-found")
        run("kubectl", "create", "namespace", SPACE)
        run("kubectl", "-n", SPACE, "apply", "-f", str(file))
        self.wait()
        self.ask("history", "create database market")

    def wait(self) -> None:
        """Until it answers."""
        run("kubectl", "-n", SPACE, "wait", "pod", SERVER, "--for=condition=Ready", "--timeout=240s")

    def url(self, database: str) -> str:
        """As a home is told it."""
        return f"postgresql+psycopg://joulebus:{self.password}@{SERVER}.{SPACE}:5432/{database}"

    def ask(self, database: str, question: str) -> str:
        """What a statement answers."""
        command = f"PGPASSWORD={self.password} psql -h 127.0.0.1 -U joulebus -At -c '{question}' {database}"
        return run("kubectl", "-n", SPACE, "exec", SERVER, "--", "bash", "-c", command).strip()

    def restarts(self) -> int:
        """How often its process has ended."""
        return int(run("kubectl", "-n", SPACE, "get", "pod", SERVER, "-o", "jsonpath={.status.containerStatuses[0].restartCount}"))

    def end(self) -> None:
        """Its process ends, and comes again after some seconds."""
        before = self.restarts()
        run("kubectl", "-n", SPACE, "exec", SERVER, "--", "bash", "-c", "kill -INT 1")
        wait_until(lambda: self.restarts() > before, "it has ended", 60)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The databases of the home."""
    yield Server(tmp_path_factory.mktemp("server"))
    run("kubectl", "delete", "namespace", SPACE, "--wait=false")


@pytest.fixture(scope="module")
def home(server: Server, installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> PodHome:
    """The cabin with a market."""
    file = write_home(tmp_path_factory.mktemp("file"), "cabin", CABIN)
    file.write_text(file.read_text() + MARKET)
    settings = {f"database_{what}_{key}": value for what in DATABASES for key, value in (("existingSecret", "databases"), ("key", what))}
    told = {"databases": {what: server.url(what) for what in DATABASES}}
    return installed(file, "k-databases", told, clock_speed="60", **settings)


def watermark(server: Server) -> int:
    """The last record that the historian has kept."""
    return int(server.ask("history", "select coalesce(max(number), 0) from record"))


def test_history_and_market_are_in_the_databases(server: Server, home: PodHome) -> None:
    home.wait_until(lambda: watermark(server) > 10, "the historian follows")
    home.wait_until(
        lambda: int(server.ask("market", "select count(*) from information_schema.tables where table_schema=$$public$$")) > 0,
        "the books of the market are there",
    )
    claims = {one["metadata"]["name"] for one in home.objects("persistentvolumeclaims")}
    assert claims == {"house-journal", "house-market"}, "the market signs with a key on its claim"


def test_no_part_is_told_the_url_but_by_a_file(server: Server, home: PodHome) -> None:
    seen = home.kubectl("get", "pods,deployments,configmaps,events", "-o", "json")
    assert server.password not in seen and base64.b64encode(server.url("history").encode()).decode() not in seen
    logs = [home.said_by(pod["metadata"]["name"]) for part in ("historian", "hub", "balancer") for pod in home.pods_in(part)]
    assert len(logs) == 3 and not [text for text in logs if server.password in text]


def test_time_does_not_wait_for_a_database_and_history_catches_up(server: Server, home: PodHome) -> None:
    server.end()
    tick = home.tick()
    home.wait_for_tick(tick + 60)
    server.wait()
    before = watermark(server)
    home.wait_until(lambda: watermark(server) > before, "the historian follows again")


def test_a_journal_that_is_lost_comes_back_from_the_database(server: Server, home: PodHome) -> None:
    home.wait_for_tick(EPOCH_SECONDS + 60)
    home.joulebus("clock", "pause")
    tick, kept = home.tick(), home.nothing_is_missing()
    home.wait_until(lambda: int(server.ask("history", "select max(start_tick + ticks) from record")) >= tick, "history has all of it")
    home.kubectl("exec", "deploy/house-hub", "-c", "hub", "--", "sh", "-c", "rm -r /var/lib/joulebus/*")
    home.kill(*(pod["metadata"]["name"] for pod in home.pods_in("hub")))
    home.wait_for_tick(tick + 60)
    books = home.nothing_is_missing()
    seals = books.seals()
    assert kept.seals() and seals[: len(kept.seals())] == kept.seals() and seals == replayed(books)[: len(seals)]
