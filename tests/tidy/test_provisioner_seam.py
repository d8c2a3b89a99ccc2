"""Whoever starts parts of a home knows the Protocol; one file chooses what is behind it."""

import re

from tests.tidy.conftest import ROOT

HOME = ROOT / "components/joulebus"
IMPORT = re.compile(
    r"^\s*(?:from joulebus\.provision\.local import|import joulebus\.provision\.local|from joulebus\.provision import .*\blocal\b)", re.M
)


def test_only_the_factory_knows_which_provisioner_there_is() -> None:
    found = sorted(str(path.relative_to(HOME)) for path in HOME.rglob("*.py") if IMPORT.search(path.read_text()))
    assert found == ["provision/factory.py"]


def test_up_knows_the_protocol_only() -> None:
    text = (HOME / "cli/up.py").read_text()
    assert set(re.findall(r"^from joulebus\.(provision\S*) import", text, re.MULTILINE)) == {"provision", "provision.factory"}
