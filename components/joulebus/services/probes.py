"""What a component answers over HTTP, to Prometheus, to probes and to people: ``/metrics``, ``/healthz``, ``/readyz``.

``/healthz`` is 200 as long as the component turns at all; ``/readyz`` is 200 when it can do its job, otherwise 503. Both say the
same JSON as the call ``health``.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

from joulebus.bus.component import Component
from joulebus.bus.http import Page, answer_http

JSON = "application/json"

_log = logging.getLogger("joulebus.services.probes")


def serve(component: Component, address: str, port: int) -> None:
    """Serve on a port from now on; if the port is taken, only metrics and health are lost."""

    def alive(headers: Mapping[str, str]) -> Page:
        return Page(HTTPStatus.OK, JSON, component.health().model_dump_json().encode())

    def ready(headers: Mapping[str, str]) -> Page:
        health = component.health()
        return Page(HTTPStatus.OK if health.ready else HTTPStatus.SERVICE_UNAVAILABLE, JSON, health.model_dump_json().encode())

    try:
        answer_http(address, port, {"/metrics": metrics, "/healthz": alive, "/readyz": ready})
    except OSError as error:
        _log.warning("no metrics and no health: port %d of %s must be free, but is not (%s)", port, address, error.strerror)


def metrics(headers: Mapping[str, str]) -> Page:
    """All figures of this process, in the format that the reader prefers."""
    encode, kind = choose_encoder(headers.get("accept", ""))
    return Page(HTTPStatus.OK, kind, encode(REGISTRY))
