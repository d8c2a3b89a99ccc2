"""An API server in memory, as far as a home in a cluster uses it: objects with versions, merge patches, watches, and all its refusals."""

import itertools
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from queue import Empty, SimpleQueue
from threading import RLock

from joulebus.provision.cluster.api import CONFLICT, DEPLOYMENTS, GONE, NOT_FOUND, ApiError, ApiObject

WATCH_SECONDS = 0.05


class ApiTwin:
    """One namespace."""

    namespace = "house"

    def __init__(self) -> None:
        self.objects: dict[str, ApiObject] = {}
        self.is_away = False
        self.asked: list[tuple[str, str]] = []
        self._versions = itertools.count(1)
        self._watches: list[tuple[str, SimpleQueue[ApiObject]]] = []
        self.foreign = DEPLOYMENTS + "/house-supervisor"
        self._lock = RLock()

    def ask(self, method: str, path: str, body: ApiObject | None = None, query: Mapping[str, str] | None = None) -> ApiObject:
        """One request."""
        with self._lock:
            self._refuse_when_away()
            self.asked.append((method, path))
            acts: dict[str, Callable[[], ApiObject]] = {
                "GET": lambda: self._get(path, query or {}),
                "POST": lambda: self._post(path, _copied(body)),
                "PUT": lambda: self._put(path, _copied(body)),
                "PATCH": lambda: self._patch(path, _copied(body)),
                "DELETE": lambda: self._delete(path),
            }
            return _copied(acts[method]())

    def text(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[str]:
        """Lines of a log."""
        yield from ()

    def watch(self, path: str, query: Mapping[str, str]) -> Iterator[ApiObject]:
        """Events, for a moment."""
        self._refuse_when_away()
        if query["resourceVersion"] == "old":
            raise ApiError(GONE, "too old")
        events: SimpleQueue[ApiObject] = SimpleQueue()
        with self._lock:
            self._watches.append((path, events))
            since = int(query["resourceVersion"])
            now = [{"type": "MODIFIED", "object": one} for one in self._below(path) if int(one["metadata"]["resourceVersion"]) > since]
        yield from now
        try:
            while True:
                self._refuse_when_away()
                yield events.get(timeout=WATCH_SECONDS)
        except Empty:
            return

    def change(self, path: str, act: Callable[[ApiObject], None]) -> None:
        """Somebody else changes an object."""
        with self._lock:
            found = _copied(self._one(path))
            act(found)
            self._keep(path, found)

    def run(self, folder: str, body: ApiObject) -> None:
        """A kubelet's pod has begun."""
        with self._lock:
            self._post(folder, _copied(body))

    def end(self, path: str) -> None:
        """It has gone."""
        with self._lock:
            if path in self.objects:
                self._delete(path)

    def _refuse_when_away(self) -> None:
        if self.is_away:
            raise ApiError(0, "the API server does not answer")

    def _one(self, path: str) -> ApiObject:
        if path not in self.objects:
            raise ApiError(NOT_FOUND, f"{path} is not there")
        return self.objects[path]

    def _below(self, path: str) -> list[ApiObject]:
        return [one for where, one in self.objects.items() if where.startswith(f"{path}/")]

    def _get(self, path: str, query: Mapping[str, str]) -> ApiObject:
        if "labelSelector" not in query and "fieldSelector" not in query:
            return self._one(path)
        asked = dict(pair.split("=", 1) for pair in query.get("labelSelector", "").split(",") if pair)
        items = [one for one in self._below(path) if asked.items() <= one["metadata"].get("labels", {}).items()]
        return {"kind": "List", "apiVersion": "v1", "items": items, "metadata": {"resourceVersion": str(next(self._versions))}}

    def _post(self, path: str, body: ApiObject) -> ApiObject:
        name = body["metadata"].setdefault("name", f"{body['metadata'].get('generateName', '')}{next(self._versions)}")
        if f"{path}/{name}" in self.objects:
            raise ApiError(CONFLICT, f"{name} is there")
        body["metadata"]["uid"] = f"uid-{next(self._versions)}"
        return self._keep(f"{path}/{name}", body)

    def _put(self, path: str, body: ApiObject) -> ApiObject:
        self._same_version(path, body)
        return self._keep(path, body)

    def _patch(self, path: str, body: ApiObject) -> ApiObject:
        self._same_version(path, body)
        return self._keep(path, _merged(_copied(self._one(path)), body))

    def _same_version(self, path: str, body: ApiObject) -> None:
        wanted = body.get("metadata", {}).get("resourceVersion")
        if wanted is not None and wanted != self._one(path)["metadata"]["resourceVersion"]:
            raise ApiError(CONFLICT, "it has changed since")

    def _delete(self, path: str) -> ApiObject:
        found = self._one(path)
        del self.objects[path]
        self._tell(
            path, {"type": "DELETED", "object": {**found, "metadata": {**found["metadata"], "resourceVersion": str(next(self._versions))}}}
        )
        return {"kind": "Status"}

    def _keep(self, path: str, found: ApiObject) -> ApiObject:
        found["metadata"]["resourceVersion"] = str(next(self._versions))
        for key, text in found.pop("stringData", {}).items():
            found.setdefault("data", {})[key] = b64encode(text.encode()).decode()
        self.objects[path] = found
        self._tell(path, {"type": "MODIFIED", "object": _copied(found)})
        return found

    def _tell(self, path: str, event: ApiObject) -> None:
        for where, events in self._watches:
            if path.startswith(f"{where}/") and path != self.foreign:
                events.put(event)


def _merged(found: ApiObject, patch: ApiObject) -> ApiObject:
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, dict):
            found[key] = _merged(found.get(key) or {}, value)
        else:
            found[key] = value
    return found


def _copied(found: ApiObject | None) -> ApiObject:
    return json.loads(json.dumps(found or {}))
