"""No call that may be made stops time or the market: each one is tried with odd values, and the home lives on, also after a restart."""

import os
from pathlib import Path

import pytest

from tests.odd.calls import Campaign, all_calls
from tests.real.raw import Raw
from tests.stories.conftest import Live, LiveFile
from tests.stories.homes import ROOM
from tests.stories.living import ROOT, Refusal

TIMES = 2


@pytest.mark.slow
def test_time_and_market_go_on_after_every_odd_call(live_file: LiveFile, tmp_path: Path) -> None:
    file = tmp_path / "market.yaml"
    file.write_text((ROOT / "examples" / "homes" / "market.yaml").read_text())
    campaign = Campaign(live_file(file, "--speed", "flat_out", "--window-seconds", "900").up())
    campaign.ask_each(TIMES)
    campaign.restart()
    print(campaign.figures())
    assert campaign.answers.total() == TIMES * len(all_calls()) > 100
    assert campaign.answers["accepted"] > TIMES * 20


def test_files_that_others_name_neither_stop_the_home_nor_tell_what_is_in_them(live: Live, tmp_path: Path) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret.csv").write_text("root:x:0\n1\n")
    admin = room.joulebus("access", "add", "anna", "--role", "admin")
    assert admin.returncode == 0, admin.stderr
    elsewhere = tmp_path.parent / "elsewhere.csv"
    elsewhere.write_text("root:x:0\n1\n")
    for path in (tmp_path / "pipe", "/dev/zero", elsewhere, tmp_path, tmp_path / "nothing", "\x00"):
        with pytest.raises(Refusal) as refused:
            room.ask("home", "add", name="spy", kind="baseload", properties={"csv_path": str(path), "csv_column": "x"})
        assert refused.value.uri in ("joulebus.error.invalid", "joulebus.error.refused"), str(refused.value)
    anna = Raw(room.running["guest_url"], "room/~anna", (room.books / "tickets" / "~anna").read_text(), serializer="json")
    said = [
        str(anna.call("joulebus.room.home.add", name="spy", kind="baseload", properties={"csv_path": str(path), "csv_column": "x"}))
        for path in (elsewhere, "/etc/shadow", "/root", "/nonexistent", tmp_path / "secret.csv", "secret.csv", "../elsewhere.csv")
    ]
    assert "root" not in " ".join(said), said
    assert len({one.split("'")[0] for one in said[:4]}) == 1 and "below the folder of the home file" in said[0], "which files there are"
    assert "why is in the owner's log" in said[4] and "why is in the owner's log" in said[5]
    tick = room.tick()
    room.wait_for_tick(tick + 60)
    assert room.joulebus("device", "list").returncode == 0
    anna.close()


@pytest.mark.slow
def test_a_device_that_never_offers_can_be_removed_and_a_restart_forgets_it(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    room.ask("home", "add", name="lamp", kind="appliance", properties={"power_watts": 10})
    room.wait_until(lambda: "lamp" in room.pids(), "the lamp has a process")
    room.freeze("lamp")
    room.wait_until(lambda: room.ask("clock", "get")["waits_for"] == ["lamp"], "time waits for the lamp")
    removed = room.ask("home", "remove", name="lamp")
    assert removed["from_tick"] <= room.tick()
    room.wait_for_tick(removed["from_tick"] + 120)
    assert room.stop() == 0
    room.up()
    assert "lamp" not in room.ask("home", "list")["devices"]
