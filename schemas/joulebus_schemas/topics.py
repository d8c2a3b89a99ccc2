"""All that several components say to each other, on one page: whose it is, its name, its words.

What only people ask (``home.add``, ``clock.pause``) is written where it is answered.
"""

from joulebus_schemas import audits, calls, history, layout, meter, rounds, screen, whatif
from joulebus_schemas.change_log import AskChangeLog, ChangeLog
from joulebus_schemas.channels import EACH, Call, Event

KEEPER = "inverter"
"""The component that keeps the balance of a home."""
AUDIT, CLOCK, HISTORIAN, LAYOUT, SCREEN, WHATIF = "audit", "clock", "historian", "layout", "screen", "whatif"

# The round
OPENED = Event(KEEPER, "opened", rounds.Opened)
FORECAST = Event(EACH, "forecast", rounds.Forecast)
OFFERED = Event(EACH, "offered", rounds.Offered)
SETTLED = Event(KEEPER, "settled", rounds.Settled)

# Beside the round
BLOCKED = Event(KEEPER, "blocked", rounds.Blocked)
PART_TROUBLE = Event("home", "trouble", rounds.PartTrouble)
REFUSED = Event(KEEPER, "refused", rounds.PacketRefused)
REPORTED = Event(EACH, "reported", rounds.Reported)
KEPT = Event(HISTORIAN, "kept", rounds.Kept)
DROPPED = Event(EACH, "dropped", rounds.Dropped)

# Of a device of kind meter
QUARTER = Event(EACH, "quarter", meter.QuarterSeen)
TELEGRAM = Event(EACH, "telegram", meter.TelegramSent)

# Of a device of kind meter_reader
RECEIVED = Event(EACH, "received", meter.TelegramReceived)

# Of every component
HEALTH = Call(EACH, "health", calls.Nothingness, calls.Health)

# Of every device
DESCRIBE = Call(EACH, "describe", calls.Nothingness, calls.Description)
GET = Call(EACH, "get", calls.Nothingness, calls.Fields)
SET = Call(EACH, "set", calls.Fields, calls.Accepted)
STATE = Call(EACH, "state", calls.Nothingness, rounds.Reported)

# Of the keeper, for components
RESUME = Call(KEEPER, "resume", calls.AskDevice, rounds.Resume)
READY = Call(KEEPER, "ready", calls.AskDevice, calls.Accepted)
CHANGE = Call(KEEPER, "change", calls.AskChange, calls.Accepted)
ADMIT = Call(KEEPER, "admit", calls.AskAdmit, calls.Accepted)
DISMISS = Call(KEEPER, "dismiss", calls.AskDismiss, calls.Accepted)
REPLAY = Call(KEEPER, "replay", calls.AskReplay, calls.Replay)

# Of the home, for a device that switches itself; people ask it, too
SWITCH = Call("home", "switch", calls.AskSwitch, calls.Accepted)

# For views
BALANCE = Call(KEEPER, "balance", calls.Nothingness, calls.Balance)
CHANGE_LOG = Call(KEEPER, "change_log", AskChangeLog, ChangeLog)
CLOCK_GET = Call(CLOCK, "get", calls.Nothingness, calls.ClockState)
CLOCK_CHANGED = Event(CLOCK, "changed", calls.ClockState)
LAYOUT_GET = Call(LAYOUT, "get", calls.Nothingness, layout.Layout)
LAYOUT_CHANGED = Event(LAYOUT, "changed", layout.LayoutChanged)
TOTALS = Call(HISTORIAN, "totals", calls.Nothingness, history.Totals)
SNAPSHOT = Call(SCREEN, "snapshot", calls.Nothingness, screen.ScreenSnapshot)
SCREEN_CHANGED = Event(SCREEN, "changed", screen.ScreenChanged)
SUMMARY = Event(SCREEN, "summary", screen.Summary)
WHATIF_CHANGED = Event(WHATIF, "changed", whatif.WhatIfState)
AUDIT_CHANGED = Event(AUDIT, "changed", audits.AuditState)
