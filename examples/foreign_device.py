"""A kettle that knows nothing of joulebus but its specification: `pip install autobahn jsonschema`, a ticket, and this file.

eval "$(joulebus device ticket kettle)"      # of a device of kind "foreign" in the home file
JOULEBUS_MODELS=http://127.0.0.1:8081/ python examples/foreign_device.py
"""

import asyncio
import functools
import hashlib
import json
import os
import pathlib
import urllib.request

import autobahn.asyncio.component
import jsonschema

VARIABLES = ("HOME", "DEVICE", "PRINCIPAL", "MODELS", "URL", "TICKET_FILE")
HOME, NAME, PRINCIPAL, MODELS, URL, TICKET = (os.environ[f"JOULEBUS_{one}"] for one in VARIABLES)
BASE = f"joulebus.{HOME}."
SETTINGS = {"power_watts": 1200, "on_seconds": 600, "period_seconds": 1800}


@functools.cache
def specification():
    """It is data: fetched, compared with its hash, never executed."""
    about = next(spec for spec in json.load(urllib.request.urlopen(MODELS + "index.json"))["specs"] if spec["name"] == "device")
    raw = urllib.request.urlopen(MODELS + about["path"]).read()
    assert hashlib.sha256(raw).hexdigest() == about["sha256"], "the specification must be what its index says"
    assert about["version"].startswith("0.2."), f"this kettle speaks version 0.2 of the specification, not {about['version']}"
    return json.loads(raw)


@functools.cache
def model(name):
    """What a message must look like: model("Offered")(window=...) is an object, or the reason why it is none."""
    checker = jsonschema.Draft7Validator({"$ref": f"#/components/messages/{name}/payload", **specification()})
    return lambda **fields: checker.validate(fields) or fields


class Kettle:
    """Offers for each window, learns what it got. It keeps nothing: the home gives its state back after a crash."""

    def __init__(self, session):
        self.session, self.ready, self.heard, self.next_tick, self.joules = session, False, False, 0, 0

    def ask(self, procedure, message):
        return self.session.call(f"{BASE}inverter.{procedure}", message)

    async def resume(self):
        """Where does it stand? Its last window is lived again, from the record that was committed."""
        self.home = model("Resume")(**await self.ask("resume", model("AskDevice")(name=NAME)))
        self.become(self.home["member"]["properties"])
        self.next_tick = self.home["next_tick"]
        if self.home.get("last"):
            self.joules = self.home["state"]["joules"] + self.home["outcome"].get("joules_in", 0)
        if not self.ready:
            self.ready = await self.ask("ready", model("AskDevice")(name=NAME))
        if self.home.get("opened"):
            self.on_opened(self.home["opened"])

    def become(self, properties):
        self.properties, self.settings = properties, {**SETTINGS, **properties["settings"]}

    def on_opened(self, opened):
        """What could it take in each tick of the window?"""
        window = model("Opened")(**opened)["window"]
        if not self.ready or window["start"] != self.next_tick:
            return
        for change in opened.get("changes", []):
            if change["device"] == NAME and change.get("properties"):
                self.become(change["properties"])
        seconds = self.home["tick_seconds"]
        joules = min(self.settings["power_watts"], self.properties["take_watts_max"]) * seconds
        times = (tick * seconds % self.settings["period_seconds"] for tick in range(self.next_tick, self.next_tick + window["ticks"]))
        want = {"form": "each", "values": [joules if time < self.settings["on_seconds"] else 0 for time in times]}
        offer = {"role": "flow", "want": want, "shedding_priority": self.properties["shedding_priority"]}
        self.session.publish(f"{BASE}{NAME}.offered", model("Offered")(window=window, offer=offer, state={"joules": self.joules}))

    def on_settled(self, settled):
        """What did it get? The next window may come with the answer."""
        outcome = model("Settled")(**settled)["outcomes"].get(NAME)
        self.heard = self.ready = self.ready and outcome is not None
        if self.heard and settled["window"]["start"] == self.next_tick:
            self.joules, self.next_tick = self.joules + outcome.get("joules_in", 0), self.next_tick + settled["window"]["ticks"]
        if settled.get("opened"):
            self.on_opened(settled["opened"])

    def set(self, *asked, **named):
        settings = {**self.settings, **(asked[0] if asked else named)}
        return self.ask("change", model("AskChange")(device=NAME, properties={"settings": settings}))

    def report(self, *asked):
        return model("Reported")(tick=self.next_tick, state={"joules": self.joules}, readings={"taken_joules": self.joules})

    def describe(self, *asked):
        about = {"name": NAME, "kind": "foreign", "summary": "a kettle in plain Python", "hears": [], "signals": []}
        return model("Description")(**about, properties={"default": SETTINGS}, procedures=[])


async def live(session, details):
    """Declare everything; then, each second in which nothing was heard, ask where it stands."""
    kettle = Kettle(session)
    await session.subscribe(kettle.on_opened, BASE + "inverter.opened")
    await session.subscribe(kettle.on_settled, BASE + "inverter.settled")
    answers = {"describe": kettle.describe, "get": lambda *asked: kettle.properties, "set": kettle.set, "state": kettle.report}
    for name, answer in answers.items():
        await session.register(answer, f"{BASE}{NAME}.{name}")
    while session.is_attached():
        try:
            session.publish(f"{BASE}{NAME}.reported", kettle.report()) if kettle.heard else await kettle.resume()
        except Exception as error:  # The keeper is not there yet, or this device is switched off.
            print(f"{NAME} waits: {getattr(error, 'message', None) or ' '.join(map(str, error.args))}"[:300])
        kettle.heard = False
        await asyncio.sleep(1)


specification()
access = {"ticket": {"authid": PRINCIPAL, "ticket": pathlib.Path(TICKET).read_text()}}
door = {"type": "websocket", "url": URL, "serializers": ["json"], "max_retry_delay": 5}
component = autobahn.asyncio.component.Component(transports=[door], realm="joulebus", authentication=access)
component.on_join(live)
autobahn.asyncio.component.run([component])
