"""Every example of the specification: through the generated types of two languages, and over a real Crossbar and back."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from joulebus_schemas import calls, rounds
from joulebus_schemas.base import Word
from tests.real.raw import Raw, rogue
from tests.real.router import ROOT, RealRouter
from tests.specs.conftest import ASYNCAPI, examples

EXAMPLES = examples()
NODE = str(ROOT / "infra/specs/node")


def test_there_are_examples_of_every_message() -> None:
    messages = json.loads((ASYNCAPI / "joulebus.json").read_text())["components"]["messages"]
    assert {name for name, _ in EXAMPLES} == messages.keys() > {"Offered", "Opened", "Settled", "Resume", "OvenReported", "SunForecast"}


# TypeScript


def test_every_example_of_every_document_is_compiled_as_its_type(models: Path) -> None:
    lines = (models.parent / "specs/examples.ts").read_text().splitlines()[1:]
    typed = [line.split(": words.", 1)[1].split(" = ", 1) for line in lines]
    compiled = [(name, json.loads(text)) for name, text in typed]
    assert [one for path in ASYNCAPI.glob("*.json") for one in examples(path.stem) if one not in compiled] == []


def test_the_committed_types_are_those_that_were_compiled(models: Path) -> None:
    committed = (ROOT / "schemas/typescript/joulebus.ts").read_text()
    assert committed == next(models.glob("typescript/*.ts")).read_text() == (models.parent / "specs/joulebus.ts").read_text()
    assert "AnonymousSchema" not in committed and "Reserved" not in committed
    assert "'offer': Nothing | Flow | Storage | Charger | Thermal | Supply | Grid | Inverter;" in committed


# Python, for somebody who has only the specification


@pytest.fixture(scope="module")
def classes(models: Path) -> ModuleType:
    """As they would be downloaded."""
    path = next(models.glob("python/*.py"))
    specification = importlib.util.spec_from_file_location("joulebus_specification", path)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["joulebus_specification"] = module
    specification.loader.exec_module(module)
    return module


def class_of(classes: ModuleType, name: str) -> type[BaseModel]:
    """The class of a message."""
    found: type[BaseModel] = getattr(classes, name)
    return found


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_goes_through_the_classes_and_stays_itself(classes: ModuleType, name: str, example: dict[str, Any]) -> None:
    word = class_of(classes, name).model_validate_json(json.dumps(example))
    assert word.model_dump(mode="json", exclude_unset=True) == example


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("Offered", {"window": {"start": 0, "ticks": 0}}),
        ("Offered", {"window": {"start": -1, "ticks": 1}}),
        ("Offered", {"offer": {"role": "oracle"}}),
        ("Offered", {"offer": {"role": "flow"}}),
        ("Offered", {"offer": {"role": "flow", "shedding_priority": 10, "want": {"form": "each", "values": [1]}}}),
        ("Offered", {"offer": {"role": "flow", "want": {"form": "each", "values": [2**53]}}}),
        ("Settled", {"seals": [{"epoch": 1, "hash": "short"}]}),
        ("AskDevice", {"name": "An Oven"}),
        ("AskDevice", {"nam": "oven"}),
    ],
)
def test_the_classes_keep_the_limits(classes: ModuleType, name: str, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        class_of(classes, name).model_validate(dict(EXAMPLES)[name] | change)


# Over a real Crossbar: from Python in MessagePack, to JavaScript in JSON, and back


@pytest.fixture(scope="module")
def router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRouter]:
    started = RealRouter(tmp_path_factory.mktemp("router"))
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def echo(router: RealRouter) -> Iterator[Raw]:
    """Somebody in Python who may ask the component in JavaScript."""
    words = [router.guest_url, "echo", str(router.keys.add_outside("echo")), str(ASYNCAPI / "joulebus.json")]
    environment = {"NODE_PATH": str(ROOT / "infra/specs/node_modules"), "PATH": "/usr/bin:/bin"}
    command = [NODE, str(ROOT / "tests/specs/echo.mjs"), *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    home = rogue(router.open_access("asker"))
    yield home
    home.close()
    process.kill()
    process.wait()


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_goes_to_javascript_and_comes_back_as_it_was(echo: Raw, name: str, example: dict[str, Any]) -> None:
    assert echo.call("joulebus.house.echo.get", {"word": name, "message": example}) == example


@pytest.mark.parametrize(
    "kind", [rounds.Offered, rounds.Opened, rounds.Settled, rounds.Resume, rounds.Forecast, calls.Listing, calls.Balance]
)
def test_what_comes_back_is_the_word_that_was_sent(echo: Raw, kind: type[Word]) -> None:
    sent = kind.model_validate(dict(EXAMPLES)[kind.__name__])
    back = echo.call("joulebus.house.echo.get", {"word": kind.__name__, "message": sent.model_dump(mode="json")})
    assert kind.model_validate(back) == sent


def test_what_does_not_fit_is_refused_in_javascript(echo: Raw) -> None:
    answer = echo.call("joulebus.house.echo.get", {"word": "Offered", "message": {"window": {"start": 0, "ticks": 0}}})
    assert "joulebus.error.invalid" in str(answer)
