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

HOME, NAME, MODELS = (os.environ[f"JOULEBUS_{name}"] for name in ("HOME", "DEVICE", "MODELS"))
SETTINGS = {"power_watts": 1200, "on_seconds": 600, "period_seconds": 1800}


@functools.cache
def specification():
    """It is data: fetched, compared with its hash, never executed."""
    about = next(spec for spec in json.load(urllib.request.urlopen(MODELS + "index.json"))["specs"] if spec["name"] == "device")
    raw = urllib.request.urlopen(MODELS + about["path"]).read()
    assert hashlib.sha256(raw).hexdigest() == about["sha256"], "the specification must be what its index says"
    assert about["version"].split(".")[0] == "0", f"this kettle speaks version 0 of the specification, not {about['version']}"
    return json.loads(raw)


@functools.cache
def model(name):
    """What a message must look like: model("Offered")(window=...) is an object, or the reason why it is none."""
    checker = jsonschema.Draft7Validator({"$ref": f"#/components/messages/{name}/payload", **specification()})
    return lambda **fields: checker.validate(fields) or fields


class Kettle:
    """Offers for each window, learns what it got. It keeps nothing: the home gives its state back after a crash."""

    def __init__(self, session):
        self.session, self.ready, self.heard, self.next_tick, self.state = session, False, False, 0, {"joules": 0}

    def ask(self, procedure, message):
        return self.session.call(f"joulebus.{HOME}.inverter.{procedure}", message)

    async def resume(self):
        """Where does it stand? Its last window is lived again, from the record that was committed."""
        self.home = model("Resume")(**await self.ask("resume", model("AskDevice")(name=NAME)))
        self.become(self.home["member"]["properties"])
        self.next_tick = self.home["next_tick"]
        if self.home.get("last"):
            self.state = self.after(self.home["state"], self.home["outcome"])
        if not self.ready:
            self.ready = await self.ask("ready", model("AskDevice")(name=NAME))
        if self.home.get("opened"):
            self.on_opened(self.home["opened"])

    def become(self, properties):
        self.properties, self.settings = properties, {**SETTINGS, **properties["settings"]}

    def after(self, state, outcome):
        return {"joules": state["joules"] + outcome.get("joules_in", 0)}

    def on_opened(self, opened):
        """What could it take in each tick of the window?"""
        window = model("Opened")(**opened)["window"]
        if not self.ready or window["start"] != self.next_tick:
            return
        for change in opened.get("changes", []):
            if change["device"] == NAME and change.get("properties"):
                self.become(change["properties"])
        tick_seconds = self.home["tick_seconds"]
        joules = min(self.settings["power_watts"], self.properties["take_watts_max"]) * tick_seconds
        times = (tick * tick_seconds % self.settings["period_seconds"] for tick in range(self.next_tick, self.next_tick + window["ticks"]))
        want = {"form": "each", "values": [joules if time < self.settings["on_seconds"] else 0 for time in times]}
        offer = {"role": "flow", "want": want, "rank": self.properties["rank"]}
        self.say("offered", model("Offered")(window=window, offer=offer, state=self.state))

    def on_settled(self, settled):
        """What did it get? The next window may come with the answer."""
        outcome = model("Settled")(**settled)["outcomes"].get(NAME)
        self.heard = self.ready = self.ready and outcome is not None
        if self.heard and settled["window"]["start"] == self.next_tick:
            self.state, self.next_tick = self.after(self.state, outcome), self.next_tick + settled["window"]["ticks"]
        if settled.get("opened"):
            self.on_opened(settled["opened"])

    def say(self, event, message):
        self.session.publish(f"joulebus.{HOME}.{NAME}.{event}", message)

    def report(self, *asked):
        return model("Reported")(tick=self.next_tick, state=self.state, readings={"taken_joules": self.state["joules"]})

    def set(self, *asked, **named):
        settings = {**self.settings, **(asked[0] if asked else named)}
        return self.ask("change", model("AskChange")(device=NAME, properties={"settings": settings}))

    def describe(self, *asked):
        schema = {"type": "object", "properties": {name: {"type": "integer", "default": value} for name, value in SETTINGS.items()}}
        return model("Description")(
            name=NAME, kind="foreign", summary="a kettle in plain Python", hears=[], tells=[], properties=schema, procedures=[]
        )


async def live(session, details):
    """Declare everything, then ask again each second as long as nothing is heard."""
    kettle, base = Kettle(session), f"joulebus.{HOME}."
    await session.subscribe(kettle.on_opened, base + "inverter.opened")
    await session.subscribe(kettle.on_settled, base + "inverter.settled")
    answers = {"describe": kettle.describe, "get": lambda *asked: kettle.properties, "set": kettle.set, "state": kettle.report}
    for name, answer in answers.items():
        await session.register(answer, f"{base}{NAME}.{name}")
    while session.is_attached():
        try:
            await kettle.resume() if not kettle.heard else kettle.say("reported", kettle.report())
        except Exception as error:  # The keeper is not there yet, or this device is switched off.
            print(f"{NAME} waits: {getattr(error, 'message', error)}"[:300])
        kettle.heard = False
        await asyncio.sleep(1)


specification()
ticket = pathlib.Path(os.environ["JOULEBUS_TICKET_FILE"]).read_text()
component = autobahn.asyncio.component.Component(
    transports=[{"type": "websocket", "url": os.environ["JOULEBUS_URL"], "serializers": ["json"], "max_retry_delay": 5}],
    realm="joulebus",
    authentication={"ticket": {"authid": NAME, "ticket": ticket}},
)
component.on_join(live)
autobahn.asyncio.component.run([component])
