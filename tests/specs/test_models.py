"""A component compares what it speaks with a store of models when it starts: with nginx, without it, and with a bad one."""

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from joulebus.addresses import free_port
from joulebus.errors import ModelsError
from joulebus.registry import STARTABLE
from joulebus.services.models import compare_models, packaged
from tests.real.nginx import Nginx
from tests.real.router import ROOT
from tests.specs.conftest import ASYNCAPI

OWN = packaged("device")
NOBODY = f"http://127.0.0.1:{free_port()}/"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the module's nginx serves."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def nginx(folder: Path) -> Iterator[Nginx]:
    served = Nginx(folder)
    yield served
    served.stop()


@pytest.fixture
def serve(nginx: Nginx, folder: Path) -> Callable[..., str]:
    """Put a document of a device into the store, and say of it in the index what one likes; the URL."""

    def put(version: str = OWN.version, **said: Any) -> str:
        shutil.rmtree(folder / "specs", ignore_errors=True)
        document = json.loads((ASYNCAPI / "device.json").read_text())
        document["info"]["version"] = version
        raw = (ASYNCAPI / "device.json").read_bytes() if version == OWN.version else json.dumps(document).encode()
        sha256 = hashlib.sha256(raw).hexdigest()
        where = f"specs/device-{version}-{sha256[:12]}.json"
        (folder / "specs").mkdir()
        (folder / where).write_bytes(raw)
        entry = {"name": "device", "version": version, "path": where, "sha256": sha256} | said
        (folder / "index.json").write_text(json.dumps({"specs": [entry]}))
        return nginx.url

    return put


Serve = Callable[..., str]


def test_what_the_store_has_is_what_a_component_speaks(serve: Serve, tmp_path: Path) -> None:
    found = compare_models(serve(), tmp_path, "device")
    assert (found.version, found.sha256, found.source) == (OWN.version, OWN.sha256, "store")
    assert (tmp_path / f"device-{OWN.sha256}.json").read_bytes() == (ASYNCAPI / "device.json").read_bytes()


def test_without_nginx_a_component_speaks_what_it_fetched_last(serve: Serve, tmp_path: Path) -> None:
    compare_models(serve("0.2.9"), tmp_path, "device")
    again = compare_models(NOBODY, tmp_path, "device")
    assert (again.version, again.source) == ("0.2.9", "cache")


def test_without_nginx_and_cache_a_component_speaks_what_it_was_made_with(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert compare_models(NOBODY, tmp_path, "device") == OWN
    assert f"device: no models at {NOBODY} (" in caplog.text


def test_a_cache_of_before_an_update_is_no_cache(serve: Serve, tmp_path: Path) -> None:
    compare_models(serve("0.2.9"), tmp_path, "device")
    entry = json.loads((tmp_path / "device.index.json").read_text())
    (tmp_path / "device.index.json").write_text(json.dumps(entry | {"version": "7.0.0"}))
    assert compare_models(NOBODY, tmp_path, "device") == OWN


def test_a_cache_keeps_the_last_one_only(serve: Serve, tmp_path: Path) -> None:
    for version in ("0.2.7", "0.2.8", "0.2.9"):
        compare_models(serve(version), tmp_path, "device")
    assert len(list(tmp_path.iterdir())) == 2


def test_a_damaged_cache_is_no_cache(serve: Serve, tmp_path: Path) -> None:
    compare_models(serve(), tmp_path, "device")
    (tmp_path / f"device-{OWN.sha256}.json").write_text("{}")
    assert compare_models(NOBODY, tmp_path, "device").source == "package"
    assert compare_models(serve(), tmp_path, "device").source == "store"
    (tmp_path / "device.index.json").write_text("[")
    assert compare_models(NOBODY, tmp_path, "device").source == "package"


def test_what_is_in_the_cache_is_not_fetched_again(serve: Serve, tmp_path: Path, folder: Path) -> None:
    url = serve()
    compare_models(url, tmp_path, "device")
    shutil.rmtree(folder / "specs")
    assert compare_models(url, tmp_path, "device").source == "store"


def test_a_newer_version_of_the_same_line_is_welcome(serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    *same, patch = OWN.version.split(".")
    newer = ".".join((*same, str(int(patch) + 1)))
    assert compare_models(serve(newer), tmp_path, "device").version == newer
    assert f"and the store {newer}: fields that one of them does not know are left out" in caplog.text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"version": "7.0.0"}, "device speaks version 0.2 of the specification, but the models at {url} are of version 7.0.0: install"),
        ({"version": "0.1.0"}, "device speaks version 0.2 of the specification, but the models at {url} are of version 0.1.0: install"),
        ({"sha256": "0" * 64}, "must have the SHA-256 000000000000… of its index, but has " + OWN.sha256[:12] + "…: nothing of it is used"),
        ({"sha256": "short"}, "index.json must give device a version, a path below it and a SHA-256, but says"),
        ({"version": "new"}, "index.json must give device a version, a path below it and a SHA-256, but says"),
        ({"path": "../index.json"}, "index.json must give device a version, a path below it and a SHA-256, but says"),
        ({"path": "http://elsewhere/x.json"}, "index.json must give device a version, a path below it and a SHA-256, but says"),
        ({"name": "toaster"}, "the models at {url} must describe device, but do not: run cd/process_specs.sh there"),
    ],
)
def test_what_would_be_misunderstood_is_refused_in_one_sentence(serve: Serve, tmp_path: Path, said: Any, sentence: str) -> None:
    url = serve(**said)
    with pytest.raises(ModelsError) as refused:
        compare_models(url, tmp_path, "device")
    assert sentence.format(url=url) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert compare_models(NOBODY, tmp_path, "device") == OWN, "nothing of it is kept"


def test_another_specification_under_the_same_version_is_refused(serve: Serve, tmp_path: Path, folder: Path) -> None:
    url, changed = serve(), b"{}"
    entry = {"name": "device", "version": OWN.version, "path": "specs/changed.json", "sha256": hashlib.sha256(changed).hexdigest()}
    (folder / "specs/changed.json").write_bytes(changed)
    (folder / "index.json").write_text(json.dumps({"specs": [entry]}))
    with pytest.raises(ModelsError, match=f"call something else device {OWN.version}: their SHA-256 is 44136fa355b3…"):
        compare_models(url, tmp_path, "device")


@pytest.mark.parametrize("index", ["", "[]", '{"specs": 3}', '{"specs": [{}]}', "<html>"])
def test_a_store_that_is_none_is_said(nginx: Nginx, folder: Path, tmp_path: Path, index: str) -> None:
    (folder / "index.json").write_text(index)
    with pytest.raises(ModelsError, match="must be an index of models|must describe device"):
        compare_models(nginx.url, tmp_path, "device")


def test_an_address_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelsError, match='must begin with http:// or https://, but is "file:///etc/"'):
        compare_models("file:///etc/", tmp_path, "device")


def test_what_is_fetched_is_never_executed(serve: Serve, tmp_path: Path) -> None:
    program = (
        "import sys, builtins\n"
        "from pathlib import Path\n"
        "from joulebus.services.models import compare_models\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, given: seen.append(event) if event in ('exec', 'compile', 'import') else None)\n"
        "compare_models(sys.argv[1], Path(sys.argv[2]), 'device')\n"
        "hooked, seen = seen, []\n"
        "print([event for event in hooked if event in ('exec', 'compile')])\n"
    )
    warm = "compare_models(sys.argv[1], Path(sys.argv[2]) / 'warm', 'device')\n"
    program = program.replace("seen = []\n", warm + "seen = []\n", 1)
    ran = subprocess.run([sys.executable, "-c", program, serve(), str(tmp_path)], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("component", STARTABLE)
def test_a_component_that_would_be_misunderstood_ends_with_a_sentence(serve: Serve, tmp_path: Path, folder: Path, component: str) -> None:
    url = serve("7.0.0")
    index = json.loads((folder / "index.json").read_text())
    index["specs"] = [index["specs"][0] | {"name": name} for name in STARTABLE]
    (folder / "index.json").write_text(json.dumps(index))
    settings = {argument.setting: "none" for argument in STARTABLE[component].arguments if argument.required}
    words = ["--home", "house", "--router", "ws://127.0.0.1:1/", "--ticket-file", "none", *STARTABLE[component].argv(settings)]
    command = [sys.executable, "-m", "joulebus.services.run", component, *words, "--models", url, "--models-cache", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert f"speaks version 0.2 of the specification, but the models at {url} are of version 7.0.0" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_home_that_would_be_misunderstood_does_not_start(serve: Serve, folder: Path, tmp_path: Path) -> None:
    url = serve("7.0.0")
    index = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps({"specs": [index["specs"][0] | {"name": "home"}]}))
    joulebus = str(Path(sys.executable).with_name("joulebus"))
    command = [joulebus, "up", "examples/homes/flat.yaml", "--headless", "--models", url]
    environment = os.environ | {"JOULEBUS_STATE": str(tmp_path)}
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, env=environment)
    assert ended.returncode == 2
    assert ended.stderr.startswith("joulebus: home speaks version 0.2 of the specification, but the models at")
