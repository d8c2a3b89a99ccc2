"""What a home asks of a cluster: requests and watches in JSON, and what goes wrong with them."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from joulebus.errors import JoulebusError

ApiObject = dict[str, Any]
"""An object of the API."""
MERGE = "application/merge-patch+json"
DEPLOYMENTS = "/apis/apps/v1/namespaces/{namespace}/deployments"
PODS = "/api/v1/namespaces/{namespace}/pods"
SECRETS = "/api/v1/namespaces/{namespace}/secrets"
EVENTS = "/api/v1/namespaces/{namespace}/events"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases"
NOT_FOUND, CONFLICT, GONE = 404, 409, 410


class ApiError(JoulebusError):
    """The API server has refused something; or, with status 0, does not answer."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Api(Protocol):
    """One namespace of a cluster."""

    namespace: str

    def ask(self, method: str, path: str, body: ApiObject | None = None, query: Mapping[str, str] | None = None) -> ApiObject:
        """One request. Raises :class:`ApiError`."""

    def text(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[str]:
        """The lines of an answer that is no JSON, as they come. Raises :class:`ApiError`."""

    def watch(self, path: str, query: Mapping[str, str]) -> Iterator[ApiObject]:
        """The events of a watch, until it is over. Raises :class:`ApiError`."""
