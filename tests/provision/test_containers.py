"""What is made once before containers start: it stays at a second start, and nothing in it is readable by others."""

import json
import stat
from pathlib import Path

import pytest

from joulebus.services.containers import gateways, main

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "examples/homes/flat.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shared = ["--router", str(tmp_path / "router"), "--tickets", str(tmp_path / "tickets"), "--database", str(tmp_path / "database")]
    for _ in range(2):
        assert main(["--home-file", str(HOME), *shared]) == 0
    return tmp_path


def test_a_second_start_makes_no_new_tickets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        main(["--home-file", str(HOME), "--router", str(tmp_path / "router"), "--tickets", str(tmp_path / "tickets")])
    first, second = capsys.readouterr().out.splitlines()
    assert not first.endswith(" 0 new tickets") and second.endswith(" 0 new tickets")


def test_everybody_has_a_ticket_and_the_router_knows_only_its_hash(folder: Path) -> None:
    tickets = {path.parent.name: path.read_text() for path in folder.glob("tickets/*/ticket")}
    known = {path.stem: path.read_text() for path in folder.glob("router/principals/*/*.json")}
    assert tickets.keys() == known.keys() and {"inverter", "historian", "home", "screen", "~owner"} < tickets.keys()
    assert not any(ticket in text for ticket in tickets.values() for text in known.values())
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.glob("tickets/*/ticket"))


def test_the_url_of_the_database_has_its_password(folder: Path) -> None:
    password = (folder / "database/password").read_text()
    assert (folder / "database/store").read_text() == f"postgresql+psycopg://joulebus:{password}@postgresql:5432/joulebus"


def test_guests_come_from_the_gateway_alone(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "route").write_text("Iface Destination Gateway Flags\neth0 00000000 0101F50A 0003\neth0 0001F50A 00000000 0001\n")
    assert gateways(tmp_path / "route") == ("10.245.1.1",)
    assert gateways(tmp_path / "nothing") == ()
    transports = json.loads((folder / "router/router/config.json").read_text())["workers"][0]["transports"]
    entrance = transports[1]["paths"]["/"]["extra"]
    assert entrance["near"] == list(gateways())
