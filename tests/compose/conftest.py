"""Homes in containers of a real Docker engine, with images of this tree: removed at the end, with their volumes."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.compose.living import JOULEBUS, TELEGRAM_PORT, ComposeHome
from tests.real.router import ROOT


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeHome]:
    """The house of the committed file, flat out as soon as energy flows; its journal is new."""
    home = ComposeHome("house", ROOT / "docker-compose.yml", tmp_path_factory.mktemp("owner"), 18_080, "flat_out")
    home.away()
    try:
        print(f"from `up` to energy flowing: {home.up():.0f} s")
        yield home
    finally:
        home.away()


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeHome]:
    """The home with a market, and a meter with a port, begun without a container for its kettle."""
    folder = tmp_path_factory.mktemp("market")
    file, home_file = folder / "docker-compose.yml", folder / "market.yaml"
    metered = f"\ndevices:\n  meter: {{kind: meter, telegram_port: {TELEGRAM_PORT}}}\n"
    folder.chmod(0o755)  # Containers read the home file as somebody else.
    home_file.write_text((ROOT / "examples/homes/market.yaml").read_text().replace("\ndevices:\n", metered))
    subprocess.run([str(JOULEBUS), "compose", str(home_file), "-o", str(file)], cwd=ROOT, check=True)
    home = ComposeHome("market", file, folder, 18_090, "600")
    home.away()
    try:
        print(f"from `up --scale kettle=0` to energy flowing: {home.up('--scale', 'kettle=0'):.0f} s")
        yield home
    finally:
        home.away()
