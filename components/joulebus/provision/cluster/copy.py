"""A copy of some objects of the cluster, kept up to date by a thread: listed, then watched, and listed again when anything is in doubt.

What was missed does not matter, for the list says what is. A watch that the API server calls too old (410), one that breaks, an API
server that is away: each ends in another list.
"""

import logging
import threading
from collections.abc import Callable

from joulebus.provision.cluster.api import GONE, Api, ApiError, ApiObject

PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.2, 2.0

_log = logging.getLogger("joulebus.provision.cluster")


class Copy:
    """All objects under a path that fit a query, by name."""

    def __init__(self, api: Api, path: str, query: dict[str, str], changed: Callable[[], None]) -> None:
        self._api, self._path, self._query, self._changed = api, path, query, changed
        self._objects: dict[str, ApiObject] = {}
        self._gone: dict[str, int] = {}
        """Versions with which objects have gone since the list, by name: an answer from before it, which comes later, is not heard."""
        self._listed = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._version = ""
        self.trouble: str | None = "the cluster was not asked yet"
        """Why the copy may be old; None while a watch is open."""

    def start(self) -> None:
        """Keep the copy from now on."""
        threading.Thread(target=self._follow, name=f"copy {self._path.rpartition('/')[2]}", daemon=True).start()

    def end(self) -> None:
        """Leave it as it is; a watch that is open ends at its next event."""
        self._ended.set()

    def objects(self) -> dict[str, ApiObject]:
        """The copy; the objects in it are never changed."""
        with self._lock:
            return dict(self._objects)

    def put(self, found: ApiObject) -> None:
        """What a watch or the answer to a change has told; what is older than what is known is not heard."""
        name, age = found["metadata"]["name"], _age(found)
        with self._lock:
            known = self._objects.get(name)
            is_newer = age > self._gone.get(name, self._listed) if known is None else age >= _age(known)
            if is_newer or not age:
                self._objects[name] = found

    def drop(self, name: str, age: int = 0) -> None:
        """What is known to be gone, and with which version if that was told."""
        with self._lock:
            known = self._objects.pop(name, None)
            self._gone[name] = max(age, 0 if known is None else _age(known), self._gone.get(name, 0))

    def _follow(self) -> None:
        pause = PAUSE_SECONDS_MIN
        while not self._ended.is_set():
            try:
                if not self._version:
                    self.list()
                self._watch()
                pause = PAUSE_SECONDS_MIN
            except ApiError as error:
                self._version = ""
                if error.status != GONE:
                    self._say(str(error))
                    self._ended.wait(pause)
                    pause = min(pause * 2, PAUSE_SECONDS_MAX)

    def list(self) -> None:
        """Ask for everything.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        found = self._api.ask("GET", self._path, query=self._query)
        kind = {"apiVersion": found.get("apiVersion"), "kind": str(found.get("kind", "")).removesuffix("List")}
        with self._lock:
            self._objects = {one["metadata"]["name"]: {**kind, **one} for one in found["items"]}
            self._gone, self._listed = {}, _age(found)
        self._version = found["metadata"]["resourceVersion"]
        self._say(None)
        self._changed()

    def _watch(self) -> None:
        for event in self._api.watch(self._path, {**self._query, "resourceVersion": self._version}):
            self._hear(event)
            if self._ended.is_set():
                return

    def _hear(self, event: ApiObject) -> None:
        found = event["object"]
        self._version = found["metadata"]["resourceVersion"]
        if event["type"] == "BOOKMARK":
            return
        if event["type"] == "DELETED":
            self.drop(found["metadata"]["name"], _age(found))
        else:
            self.put(found)
        self._changed()

    def _say(self, trouble: str | None) -> None:
        if trouble != self.trouble:
            _log.log(logging.INFO if trouble is None else logging.WARNING, "%s", trouble or "the cluster answers")
        self.trouble = trouble


def _age(found: ApiObject) -> int:
    """The version of an object as a number; the greater one is newer, as the API server promises since Kubernetes 1.35."""
    version = found["metadata"]["resourceVersion"]
    return int(version) if version.isdecimal() else 0
