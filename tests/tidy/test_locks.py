"""Lock files are complete, hashed, and say nothing of where they were made."""

import json
import re

from tests.tidy.conftest import ROOT

LOCKS = sorted((ROOT / "infra/locks").glob("*.txt"))
NODE = [json.loads(path.read_text())["packages"] for path in sorted((ROOT / "infra").glob("*/package-lock.json"))]


def test_every_requirement_is_pinned_and_hashed() -> None:
    entries = [entry for lock in LOCKS for entry in re.findall(r"^\S.*(?:\n    .*)*", lock.read_text(), re.MULTILINE)]
    assert len(entries) > 100
    assert [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_no_lock_names_a_host() -> None:
    assert [lock.name for lock in LOCKS if "://" in lock.read_text()] == []
    assert [name for lock in NODE for name, package in lock.items() if "resolved" in package] == []


def test_every_package_of_a_node_lock_has_a_hash() -> None:
    assert len(NODE) >= 2
    assert [name for lock in NODE for name, package in lock.items() if name and not {"integrity", "inBundle"} & package.keys()] == []


def test_every_platform_of_a_node_lock_is_locked() -> None:
    for lock in NODE:
        locked = {name.rsplit("node_modules/", 1)[-1] for name in lock}
        assert [one for package in lock.values() for one in package.get("optionalDependencies", {}) if one not in locked] == []


def test_whatever_is_asked_for_is_locked() -> None:
    for wanted in sorted((ROOT / "infra/locks").glob("*.in")):
        names = re.findall(r"^([a-zA-Z][\w-]*)", wanted.read_text(), re.MULTILINE)
        locked = wanted.with_suffix(".txt").read_text()
        assert [name for name in names if not re.search(rf"^{name.lower()}==", locked, re.MULTILINE)] == []
