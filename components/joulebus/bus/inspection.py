"""What stands in the router's worker: no message that somebody could not read goes any further, and its sender is told.

It is copied into the run directory and imported by Crossbar, so it imports nothing of ours but what is copied, too.
Crossbar passes on whatever its own serialiser reads: NaN and 2^70 reach every browser, where ``JSON.parse`` fails; and a call that the
callee's serialiser cannot write is never answered.
"""

from importlib import import_module
from typing import Any

try:
    from joulebus.bus.plainness import why_not_plain
    from joulebus.bus.slow_readers import look_after
except ImportError:  # In the router's worker.
    from plainness import why_not_plain  # type: ignore[import-not-found, no-redef]
    from slow_readers import look_after  # type: ignore[import-not-found, no-redef]

INVALID_MESSAGE = "joulebus.error.invalid"
"""As INVALID in joulebus/bus."""
INVOCATION = 68
"""The type of the messages that are answered with an error, in WAMP."""


def inspect_everything() -> None:
    """From now on, in this worker; once is enough."""
    message, Router = wamp(), import_module("crossbar.router.router").Router
    if getattr(Router, "inspects", False):
        return
    Router.inspects = True
    leave_text_plain()
    process, send = Router.process, Router.send

    def inspected(router: Any, session: Any, msg: Any) -> None:
        if isinstance(msg, message.Publish | message.Call | message.Yield | message.Error):
            why = unfit(msg)
            if why is not None:
                refuse(router, session, msg, why)
                return
        process(router, session, msg)

    def sent(router: Any, session: Any, msg: Any) -> None:
        if not isinstance(msg, message.Invocation):
            send(router, session, msg)
            look_after(session._transport)
            return
        try:
            send(router, session, msg)
            look_after(session._transport)
        except Exception:  # Too long in the callee's serialisation, or lost just now: whoever asked must not wait for ever.
            text = "what was asked is too long for whoever answers; ask for less at once"
            router._dealer.processInvocationError(session, message.Error(INVOCATION, msg.request, INVALID_MESSAGE, [text]))

    Router.process, Router.send = inspected, sent


def leave_text_plain() -> None:
    """Crossbar formats and colours the text of debug messages for every message, whether they are logged or not.

    That costs as much as the inspection.
    """
    colours: Any = import_module("autobahn.util")
    router: Any = import_module("crossbar.router.router")
    colours.hl, router.pformat = (lambda text, *_, **__: str(text)), repr


def unfit(msg: Any) -> str | None:
    """Why a message is not passed on."""
    if msg.payload is not None:
        return "a message must be readable for the router; it is encrypted"
    return why_not_plain([msg.args, msg.kwargs])


def refuse(router: Any, session: Any, msg: Any, why: str) -> None:
    """Tell whoever waits for it."""
    message = wamp()
    if isinstance(msg, message.Yield):
        router._dealer.processInvocationError(
            session, message.Error(INVOCATION, msg.request, INVALID_MESSAGE, [f"the answer was lost: {why}"])
        )
    elif isinstance(msg, message.Error):
        router._dealer.processInvocationError(session, message.Error(INVOCATION, msg.request, msg.error, [f"the reason was lost: {why}"]))
    elif isinstance(msg, message.Call) or msg.acknowledge:
        router.send(session, message.Error(msg.MESSAGE_TYPE, msg.request, INVALID_MESSAGE, [why]))


def wamp() -> Any:
    """The messages, as the router's own packages have them."""
    return import_module("autobahn.wamp.message")
