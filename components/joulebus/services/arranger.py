"""The part of the inverter's process that keeps how people have arranged their home: it has the folder that lasts."""

from dataclasses import dataclass

from joulebus.bus import Bus, Sender
from joulebus.bus.component import Listener, Says, answers
from joulebus.home.arrangement import Arrangement
from joulebus_schemas import topics
from joulebus_schemas.calls import Nothingness
from joulebus_schemas.layout import Arranged, AskArrange, Layout


@dataclass
class Arranger(Listener):
    """Answers for the arrangement of the home."""

    part = topics.KEEPER
    say_changed = Says(topics.LAYOUT_CHANGED)

    bus: Bus
    home: str
    arrangement: Arrangement

    @answers(topics.LAYOUT_GET)
    def get(self, ask: Nothingness) -> Layout:
        """The whole arrangement."""
        return self.arrangement.layout

    @answers("set", owner=topics.LAYOUT)
    def set(self, ask: AskArrange, sender: Sender) -> Arranged:
        """Arrange devices and groups; kept when it is answered.

        Raises:
            RosterError: A device is put in a group that there is not, or all of it would be too large.
        """
        changed = self.arrangement.change(ask, sender.authid)
        self.say_changed(changed)
        return Arranged(revision=changed.revision)
