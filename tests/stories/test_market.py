"""A home with a market: its sealed epochs are booked, balanced, sealed and told by themselves, whatever dies."""

import json
from contextlib import suppress
from pathlib import Path

from tests.real.nginx import Nginx
from tests.stories.conftest import LiveFile
from tests.stories.living import ROOT, LivingHome, Refusal

EPOCHS = 6


def is_sealed(home: LivingHome, epoch: int) -> bool:
    """Whether the market says so; a balancer that is on its way back says nothing."""
    with suppress(Refusal):
        return bool(home.ask("market", "balancing.is_sealed", assetId="house", epoch=epoch)["sealed"])
    return False


def test_a_living_home_has_a_market_that_leads_back_to_its_ticks(live_file: LiveFile, tmp_path: Path) -> None:
    file = tmp_path / "market.yaml"
    file.write_text((ROOT / "examples" / "homes" / "market.yaml").read_text())
    home = live_file(file, "--speed", "600", "--window-seconds", "300").up()
    told = home.listen("market", "changed")
    first = home.ask("inverter", "balance")["tick"] // 900 + 1_980_032
    home.wait_until(lambda: home.ask("market", "books.state")["sealed"] >= 9, "an epoch is sealed")
    home.hear(lambda: told, "a change is told")
    before = told[-1][0][0]["revision"]
    home.kill9("balancer")
    home.hear(lambda: told[-1][0][0]["revision"] > before, "it goes on telling", 60)
    home.wait_for_tick((EPOCHS + 2) * 900)
    home.wait_until(lambda: is_sealed(home, first + 2), "it goes on")

    refused = home.guest.call(f"joulebus.{home.name}.market.asset.upsert", assetId="stranger", type="meter")
    assert "not_authorized" in str(getattr(refused, "error", refused))
    said = home.joulebus("market", "call", "asset.upsert", "assetId=shed", "type=meter")
    assert said.returncode == 0 and home.ask("market", "asset.get", assetId="shed")["type"] == "meter"
    home.hear(lambda: any(one[0][0]["arguments"].get("asset_id") == "shed" for one in told), "the change is told")
    revisions = [one[0][0]["revision"] for one in told]
    assert set(range(min(revisions), max(revisions) + 1)) == set(revisions), "no revision is left out"

    balance = home.ask("market", "balancing.balance", assetId="house", epoch=first + 1)
    assert balance["sealed"] and balance["net_wh"] == 0
    certificate = tmp_path / "house.json"
    certificate.write_text(home.ask("market", "balancing.certificate", assetId="house", epoch=first + 1)["text"])
    assert home.joulebus("verify", str(certificate)).returncode == 0
    prices = home.ask("market", "tariff.labels")["epochs"]
    assert len(prices) == 96 and {one["label"] for one in prices} == {"day", "night"} and all(one["micro_euro_per_kwh"] for one in prices)
    assert "market:" in home.joulebus("export").stdout
    assert home.stop() == 0
    audit = json.loads(home.joulebus("audit", str(home.books), "--json").stdout)
    assert audit["is_sound"] and audit["market"]["findings"] == [] and audit["market"]["epochs"] >= EPOCHS


def test_a_market_lives_with_a_store_of_models(live_file: LiveFile, tmp_path: Path, store: Nginx) -> None:
    file = tmp_path / "market.yaml"
    file.write_text((ROOT / "examples" / "homes" / "market.yaml").read_text())
    home = live_file(file, "--speed", "600", "--models", store.url).up()
    home.wait_until(lambda: home.ask("market", "books.state")["revision"] >= 1, "the balancer has opened its books")
    log = (home.books / "logs" / "balancer.log").read_text()
    assert "balancer speaks " in log and "and so does the store" in log and "Traceback" not in log
    assert home.pids()["balancer"]
