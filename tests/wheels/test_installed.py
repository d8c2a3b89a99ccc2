"""Each command works from the wheels alone, or names the extra that it needs in one sentence with exit code 4."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.real.certificates import make_certificates
from tests.wheels.conftest import ROOT, Installed

CROSSBAR = str(ROOT / ".venv-router" / "bin" / "crossbar")
PLAN = "plan flat.yaml --days 1 --tick 60"
COMPARE = "compare flat.yaml --vary oven.power_watts=1000,2000 --days 1 --tick 900"
DEMONSTRATION_KEY = "769b7427184119f63da4fcdb0e52b45a3b64853c3ec1bea25546390e5f9855cb"
CERTIFICATE = "market certificate seller1 474240 --in lesson_5.jsonl"
UP = "up flat.yaml --headless --guest-port 0 --speed flat_out --for 1m --fresh"

WORKS = {
    "version": "0.",
    f"{PLAN} --out run1": "0 J missing",
    "report run1": "import",
    "audit run1": "",
    "report run1 --csv rows.csv --json-file report.json": "import",
    "audit run1 --report report.json": "",
    COMPARE: "2 variants",
    f"{COMPARE} --search --json": "oven.power_watts",
    "market run lesson_5.jsonl": "",
    "market balance seller1 474240 --in lesson_5.jsonl": "seller1",
    f"{CERTIFICATE} --out certificate.json": "",
    f"verify certificate.json --key {DEMONSTRATION_KEY}": "seller1",
    "device kinds battery": "capacity_kwh",
    "new drafted.yaml --city Brussels --roof 3000@90": "is written",
    "plan drafted.yaml --days 1": "0 J missing",
}
"""Without any extra; a part of what is printed. Those that follow read what the first ones have written."""

NEEDS = {
    "report run1 --html report.html": ("plotly", "report"),
    "report run1 --parquet rows.parquet": ("pyarrow", "report"),
    f"{COMPARE} --chart chart.html": ("plotly", "report"),
    f"{CERTIFICATE} --qr terminal": ("segno", "market"),
    "schemas catalogue": ("asyncapi_schema_pydantic", "schemas"),
    f"{UP} --store postgresql://nobody@localhost/none": ("psycopg", "postgres"),
    "audit postgresql://nobody@localhost/none": ("psycopg", "postgres"),
    "market run lesson_5.jsonl --store postgresql://nobody@localhost/none": ("psycopg", "postgres"),
}
"""The module and the extra that a command asks for."""

MADE = {
    "report run1 --html report.html": "report.html",
    "report run1 --parquet rows.parquet": "rows.parquet",
    f"{COMPARE} --chart chart.html": "chart.html",
    f"{CERTIFICATE} --qr seller1.png": "seller1.png",
    "schemas catalogue": "catalogue/asyncapi/joulebus.json",
}
"""With all extras: the file that is there afterwards."""


@pytest.fixture(scope="module")
def with_run(plain: Installed) -> Installed:
    """A run and a certificate are there, whatever test is run alone."""
    for command, printed in WORKS.items():
        done = plain.run(command)
        assert (done.returncode, done.stderr.replace("\n", " ")) == (0, ""), command
        assert printed in done.stdout, command
    return plain


def test_without_extras_all_that_needs_none_works(with_run: Installed) -> None:
    assert (with_run.folder / "run1" / "journal.bin").is_file()


@pytest.mark.parametrize("command", NEEDS)
def test_a_missing_extra_is_one_sentence(command: str, with_run: Installed) -> None:
    module, extra = NEEDS[command]
    done = with_run.run(command, JOULEBUS_CROSSBAR=CROSSBAR)
    said = f"joulebus: this needs {module}, which is not installed; install it with: pip install 'joulebus[{extra}]'\n"
    assert (done.returncode, done.stderr) == (4, said)


@pytest.mark.parametrize("command", MADE)
def test_with_all_extras_it_works(command: str, with_run: Installed, full: Installed) -> None:
    done = full.run(command)
    assert (done.returncode, done.stderr) == (0, "")
    assert (full.folder / MADE[command]).stat().st_size > 100


def test_the_catalogue_of_a_wheel_is_that_of_the_checkout(full: Installed) -> None:
    assert full.run("schemas again").returncode == 0
    assert (full.folder / "again/asyncapi/joulebus.json").read_bytes() == (ROOT / "schemas/asyncapi/joulebus.json").read_bytes()


def test_a_home_lives_without_a_checkout_and_knows_its_specification(plain: Installed) -> None:
    done = plain.run(f"{UP} --models http://127.0.0.1:9/", JOULEBUS_CROSSBAR=CROSSBAR)
    assert done.returncode == 0, done.stderr
    assert "flat is up after" in done.stderr
    log = (plain.folder / "state" / "flat" / "logs" / "oven.log").read_text()
    assert "device speaks" in log
    assert "and so does the package" in log


def test_a_home_takes_tls_and_its_commands_come_over_it(plain: Installed, tmp_path: Path) -> None:
    made = make_certificates(tmp_path / "tls")
    tls = f"--tls-certificate {made.certificate} --tls-key {made.key} --tls-ca {made.authority}"
    done = plain.run(f"{UP.replace('--for 1m', '--detach')} {tls}", JOULEBUS_CROSSBAR=CROSSBAR)
    assert done.returncode == 0, done.stderr
    assert "guests at wss://" in done.stderr
    client = "from joulebus.bus.wamp import Access, WampBus; from joulebus.bus.timers import every; import sys; "
    client += f"bus = WampBus(Access(sys.argv[1], 'flat/~guest', None, {str(made.authority)!r})); bus.start(); "
    client += "every(0.1, lambda: bus.joined and (print('joined'), bus.end())); bus.run()"
    running = json.loads((plain.folder / "state" / "flat" / "running.json").read_text())
    assert running["guest_url"].startswith("wss://")
    assert plain.python(client, running["guest_url"]).splitlines()[:1] == ["joined"]
    assert plain.run("down flat").returncode == 0


def test_a_router_that_cannot_be_installed_is_one_sentence(plain: Installed, tmp_path: Path) -> None:
    done = plain.run(UP, XDG_CACHE_HOME=str(tmp_path), PIP_NO_INDEX="1", PIP_CONFIG_FILE="/dev/null", PIP_FIND_LINKS="")
    first, second = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (4, "")
    assert first.startswith(f"installing the router (Crossbar) into {tmp_path}/joulebus/router-")
    assert second.startswith("joulebus: the router is not installed: pip could not install its packages")


def test_a_crossbar_that_is_none_is_one_sentence(plain: Installed) -> None:
    done = plain.run(UP, JOULEBUS_CROSSBAR="/nowhere/crossbar")
    said = "joulebus: JOULEBUS_CROSSBAR must name Crossbar's executable, but /nowhere/crossbar is not an executable file\n"
    assert (done.returncode, done.stderr) == (4, said)


@pytest.mark.slow
def test_the_router_is_installed_by_the_first_home(plain: Installed, tmp_path: Path) -> None:
    done = plain.run(UP, XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "flat is up after" in done.stderr
    again = plain.run("setup-router", XDG_CACHE_HOME=str(tmp_path))
    assert (again.stderr, Path(again.stdout.strip()).is_file()) == ("", True)


def test_the_wheels_hold_what_they_promise(built: Path) -> None:
    names = {path.name.partition("-")[0]: set(zipfile.ZipFile(path).namelist()) for path in (built / "wheels").glob("*.whl")}
    assert names.keys() == {"joulebus", "joulebus_core", "joulebus_schemas"}
    for package, content in names.items():
        assert f"{package}/py.typed" in content
        assert any(name.endswith("licenses/LICENSE") for name in content)
    assert any(name.endswith("licenses/NOTICE") for name in names["joulebus"])
    assert {"joulebus/provision/router.txt", "joulebus/report/page.html"} <= names["joulebus"]
    chart = ROOT / "helm/joulebus"
    told = {f"joulebus/chart/{path.relative_to(chart)}" for path in chart.glob("**/*.*") if path.is_file()}
    assert told <= names["joulebus"] and any(name.startswith("joulebus/chart/files/grafana/") for name in names["joulebus"])
    documents = {f"joulebus_schemas/asyncapi/{path.name}" for path in (ROOT / "schemas/asyncapi").glob("*.json")}
    assert documents <= names["joulebus_schemas"]
    assert not [name for content in names.values() for name in content if "__pycache__" in name or name.startswith("tests")]


def test_a_type_checker_finds_our_types(full: Installed) -> None:
    found = full.python("import joulebus, joulebus_core, joulebus_schemas; print(joulebus.__version__, joulebus.load.__module__)")
    assert found.endswith(" joulebus.planning.api")
