"""What a meter reader reads, the owner of a home names; whoever else may set devices gets to no other file, device or host by way of it."""

from pathlib import Path

import pytest

from joulebus.bus import Sender
from joulebus.devices import KINDS
from joulebus.errors import PropertyError
from joulebus.home.named_files import FileRules
from joulebus.homefile.home_file import load_home_file
from joulebus.services.whatif import files_in
from tests.meter.homes import FLAT_WITH_METER

READER = KINDS["meter_reader"]
OUTSIDE = ["tcp://127.0.0.1:22", "tcp://10.0.0.1:8088", "/dev/ttyUSB0", "/etc/passwd", "../p1.txt", "link/passwd", "tcp:/../../x"]


def rules(folder: Path, who: str) -> FileRules:
    (folder / "link").symlink_to("/etc")
    return FileRules("flat", folder, Sender(f"flat/{who}", 1))


@pytest.mark.parametrize("source", OUTSIDE)
def test_only_the_owner_names_what_is_not_below_the_folder_of_the_home(source: str, tmp_path: Path) -> None:
    with pytest.raises(PropertyError, match="source must name a file below the folder of the home file; only the owner"):
        rules(tmp_path, "~otto").located(READER, {"source": source})


@pytest.mark.parametrize("source", OUTSIDE)
def test_the_owner_names_what_he_likes(source: str, tmp_path: Path) -> None:
    named = rules(tmp_path, "~owner").located(READER, {"source": source})["source"]
    assert named == (source if source.startswith("tcp://") else str(tmp_path / source))


def test_others_name_files_below_it_and_nothing(tmp_path: Path) -> None:
    others = rules(tmp_path, "~otto")
    assert others.located(READER, {"source": "logs/p1.txt"}) == {"source": str(tmp_path / "logs/p1.txt")}
    assert others.located(READER, {"source": ""}) == {"source": ""}
    assert others.located(KINDS["weather"], {"source": "generated"}) == {"source": "generated"}, "that is no place"


@pytest.mark.parametrize("source", OUTSIDE)
def test_a_home_file_that_is_sent_may_name_none(source: str) -> None:
    assert files_in(f"devices: {{p1: {{kind: meter_reader, source: '{source}'}}}}") == ["p1.source"]
    assert files_in("devices: {p1: {kind: meter_reader, source: ''}, sky: {kind: weather, source: generated}}") == []


@pytest.mark.parametrize(
    ("source", "seen"), [("p1.txt", "{0}/p1.txt"), ("/dev/ttyUSB0", "/dev/ttyUSB0"), ("tcp://p1:80", "tcp://p1:80"), ("", "")]
)
def test_a_source_in_a_home_file_is_seen_from_its_folder_and_need_not_be_there(source: str, seen: str, tmp_path: Path) -> None:
    file = tmp_path / "home.yaml"
    file.write_text(FLAT_WITH_METER + f"  p1: {{kind: meter_reader, source: '{source}'}}\n")
    assert load_home_file(file).members["p1"].properties == {"source": seen.format(tmp_path)}
