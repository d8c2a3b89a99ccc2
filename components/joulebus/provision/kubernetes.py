"""The API server of a cluster, as the rest of us needs it: JSON in, JSON out, in one namespace. The one file that imports its client.

Plain JSON and not the client's thousand classes: what is sent is what ``kubectl`` would send, and can be read in a test.
"""
# mypy: allow-untyped-calls
# The client has no types.

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kubernetes import client, config
from kubernetes.client import rest

from joulebus.errors import SetupError
from joulebus.provision.cluster.api import MERGE, ApiError, ApiObject
from joulebus.provision.cluster.names import MANAGER

HTTPError = rest.urllib3.exceptions.HTTPError
API_SECONDS_MAX = 5.0
WATCH_SECONDS = 60
"""A watch is renewed this often, so that one whose connection has died silently is not believed for ever."""
WATCH_SILENCE_SECONDS_MAX = WATCH_SECONDS + 5.0
NAMESPACE_FILE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    query: Mapping[str, str]
    body: ApiObject | None = None


class ApiServer:
    """One namespace of a cluster; may be used by several threads."""

    def __init__(self, namespace: str | None = None) -> None:
        """Inside a pod with the rights of its ServiceAccount, elsewhere with those of KUBECONFIG.

        Raises:
            SetupError: There is neither.
        """
        try:
            _configure()
        except config.ConfigException as error:
            raise SetupError(f"a cluster must be named by KUBECONFIG, or this must run inside one, but neither is so: {error}") from None
        self.namespace = namespace or _own_namespace()
        self._client = client.ApiClient()
        self._client.user_agent = MANAGER  # What it changes is known to be changed by it.

    def ask(self, method: str, path: str, body: ApiObject | None = None, query: Mapping[str, str] | None = None) -> ApiObject:
        """One request; ``path`` begins after ``/api`` or ``/apis``, and ``{namespace}`` in it is ours.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        answer = self._request(_Request(method, path, query or {}, body), API_SECONDS_MAX)
        try:
            found: ApiObject = json.loads(answer.data)
        except (ValueError, HTTPError) as error:
            raise ApiError(0, f"{method} {path} had no readable answer: {error}") from None
        return found

    def text(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[str]:
        """The lines of an answer that is no JSON, as they come.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        answer = self._request(_Request("GET", path, query or {}), None)
        try:
            yield from (line.decode(errors="replace") for line in _lines(answer))
        except (HTTPError, OSError) as error:
            raise ApiError(0, f"{path} has ended: {error}") from None
        finally:
            answer.close()

    def watch(self, path: str, query: Mapping[str, str]) -> Iterator[ApiObject]:
        """The events of a watch as they come, until it is over.

        Raises:
            ApiError: The API server refuses (410: what was asked for is too old), or has gone away.
        """
        asked = {**query, "watch": "true", "timeoutSeconds": str(WATCH_SECONDS), "allowWatchBookmarks": "true"}
        answer = self._request(_Request("GET", path, asked), WATCH_SILENCE_SECONDS_MAX)
        try:
            yield from _events(answer, path)
        except (ValueError, HTTPError, OSError) as error:
            raise ApiError(0, f"the watch of {path} has ended: {error}") from None
        finally:
            answer.close()

    def _request(self, asked: _Request, seconds: float | None) -> Any:
        kind = MERGE if asked.method == "PATCH" else "application/json"
        try:
            return self._client.call_api(
                asked.path.replace("{namespace}", self.namespace),
                asked.method,
                query_params=list(asked.query.items()),
                header_params={"Content-Type": kind, "Accept": "application/json"},
                body=asked.body,
                auth_settings=["BearerToken"],
                _preload_content=False,
                _request_timeout=(API_SECONDS_MAX, seconds),
                _return_http_data_only=True,
            )
        except client.ApiException as error:
            raise ApiError(error.status or 0, _said(error)) from None
        except (HTTPError, OSError) as error:
            raise ApiError(0, f"the API server does not answer: {error}") from None


def _configure() -> None:
    try:
        config.load_incluster_config()
    except config.ConfigException:
        config.load_kube_config()


def _own_namespace() -> str:
    if NAMESPACE_FILE.is_file():
        return NAMESPACE_FILE.read_text().strip()
    _, active = config.list_kube_config_contexts()
    return str(active["context"].get("namespace", "default"))


def _events(answer: Any, path: str) -> Iterator[ApiObject]:
    for line in _lines(answer):
        event = json.loads(line)
        if event["type"] == "ERROR":
            raise ApiError(int(event["object"].get("code", 0)), f"the watch of {path} was refused: {event['object'].get('message')}")
        yield event


def _lines(answer: Any) -> Iterator[bytes]:
    waiting = b""
    for chunk in answer.stream(amt=None, decode_content=False):
        *lines, waiting = (waiting + chunk).split(b"\n")
        yield from filter(None, lines)


def _said(error: Any) -> str:
    try:
        return str(json.loads(error.body)["message"])
    except (ValueError, KeyError, TypeError):
        return str(error.reason)
