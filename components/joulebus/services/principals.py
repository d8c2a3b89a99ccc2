"""The router's sidecar: watches the Secret of all principals and writes the router's files, within a moment of each change."""

import argparse
import logging
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from joulebus.addresses import EVERYBODY_HERE
from joulebus.provision.cluster import names
from joulebus.provision.cluster.api import SECRETS, Api
from joulebus.provision.cluster.copy import Copy
from joulebus.provision.cluster.principals import principals_folder, write_principals

SECRET_LOOK_SECONDS = 10.0

_log = logging.getLogger("joulebus.services.principals")


def follow_principals(api: Api, given: argparse.Namespace) -> None:
    """Write the files whenever the Secret changes, for ever."""
    changed, name = threading.Event(), names.principals_secret(given.release)
    copy = Copy(api, SECRETS, {"fieldSelector": f"metadata.name={name}"}, changed.set)
    folder = principals_folder(given.folder, given.home)
    _answer_probes(given.metrics_port, copy)
    copy.start()
    before = -1
    while True:
        changed.wait(SECRET_LOOK_SECONDS)
        changed.clear()
        secret = copy.objects().get(name)
        if secret is None:  # Not seen yet, or deleted: nobody who has come in is put out for that.
            continue
        count = write_principals(folder, given.home, secret)
        if count != before:
            _log.info("%d may come in", count)
            before = count


def _answer_probes(port: int, copy: Copy) -> None:
    """It is alive while it answers, and ready once it has seen the Secret; an API server that is away makes nobody unready."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            ready = self.path != "/readyz" or bool(copy.objects())
            self.send_response(HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((EVERYBODY_HERE, port), Answer)
    threading.Thread(target=server.serve_forever, name="probes", daemon=True).start()
