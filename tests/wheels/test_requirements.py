"""What the packages say of themselves is true: requirements are what is imported, and the version is one."""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import pytest

import joulebus
from joulebus.extras import EXTRAS
from joulebus.provision.router import BESIDE_CROSSBAR
from joulebus_schemas.versions import SPECIFICATION
from tests.wheels.conftest import ROOT

OURS = {"joulebus", "joulebus_core", "joulebus_schemas", *(part.__name__.rpartition(".")[2] for part in BESIDE_CROSSBAR)}
"""What Crossbar imports from the run directory has its last name there."""
NOT_IMPORTED = {
    "tzdata": "zoneinfo reads it where the system has no time zones",
    "psycopg": "SQLAlchemy imports it by the name in a URL",
}
"""Requirements that no line of ours imports, each with its reason."""


def project(path: str) -> dict[str, Any]:
    """A pyproject.toml."""
    return tomllib.loads((ROOT / path / "pyproject.toml").read_text())


COMPONENTS = project("components")


def name_of(requirement: str) -> str:
    """Of a distribution, normalized."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None
    return match[0].lower().replace("_", "-").replace(".", "-")


def imports(folder: Path) -> Iterator[str]:
    """The foreign packages that a package imports, also inside of functions."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            yield from {str(name).partition(".")[0] for name in names} - sys.stdlib_module_names - OURS


def distributions(modules: set[str]) -> dict[str, str]:
    """The distribution of each module, as it is installed here."""
    known = packages_distributions()  # Autobahn puts a plugin into the package of Twisted, too: the namesake is meant.
    return {module: min((name_of(one) for one in known[module]), key=lambda name: name != name_of(module)) for module in modules}


def test_joulebus_requires_exactly_what_it_imports() -> None:
    declared = {name_of(one) for one in COMPONENTS["tool"]["hatch"]["metadata"]["hooks"]["custom"]["requires"]}
    imported = set(imports(ROOT / "components" / "joulebus"))
    plain = set(distributions(imported - EXTRAS.keys()).values())
    assert plain - declared == set()
    assert declared - plain == {"tzdata"} <= NOT_IMPORTED.keys()


def test_the_words_require_exactly_what_they_import() -> None:
    declared = {name_of(one) for one in project("schemas")["project"]["dependencies"]}
    assert set(distributions(set(imports(ROOT / "schemas" / "joulebus_schemas"))).values()) == declared


def test_the_core_requires_nothing() -> None:
    assert set(imports(ROOT / "components" / "core" / "python" / "joulebus_core")) == set()
    assert "dependencies" not in project("components/core/python")["project"]


@pytest.mark.parametrize("module", EXTRAS)
def test_an_extra_brings_the_module_that_asks_for_it(module: str) -> None:
    extras = COMPONENTS["project"]["optional-dependencies"]
    [distribution] = distributions({module}).values()
    assert distribution in {name_of(one) for one in extras[EXTRAS[module]]}
    assert module in {*imports(ROOT / "components" / "joulebus"), *NOT_IMPORTED}


def test_every_extra_is_asked_for_and_part_of_all() -> None:
    extras = COMPONENTS["project"]["optional-dependencies"]
    assert extras.keys() - {"all"} == set(EXTRAS.values())
    assert {name for one in extras["all"] for name in re.findall(r"\[(.*)\]", one)[0].split(",")} == extras.keys() - {"all"}
    asked = set(distributions(set(EXTRAS)).values())
    assert {name_of(one) for name, extra in extras.items() if name != "all" for one in extra} == asked


def test_the_version_is_one() -> None:
    [declared] = re.findall(r'^version = "([^"]+)"$', (ROOT / "components/core/Cargo.toml").read_text(), re.MULTILINE)
    assert {name: version(name) for name in ("joulebus", "joulebus-core", "joulebus-schemas")} == dict.fromkeys(
        ("joulebus", "joulebus-core", "joulebus-schemas"), declared
    ), "run make setup"
    assert joulebus.__version__ == declared
    assert declared == SPECIFICATION, "components/core/Cargo.toml and joulebus_schemas/versions.py must agree: one version for all"
    documents = sorted((ROOT / "schemas/asyncapi").glob("*.json"))
    assert {json.loads(path.read_text())["info"]["version"] for path in documents} == {SPECIFICATION}, "run make schemas"


def test_the_version_is_written_once() -> None:
    places = [ROOT / path / "pyproject.toml" for path in ("schemas", "components", "components/core/python")]
    assert [path for path in places if "version" not in tomllib.loads(path.read_text())["project"]["dynamic"]] == []
    assert "__version__ =" not in (ROOT / "components/joulebus/__init__.py").read_text()
