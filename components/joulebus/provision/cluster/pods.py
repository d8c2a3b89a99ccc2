"""What all pods of a home's devices have in common: a file that whoever installs the home writes, for the supervisor."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from joulebus.errors import SetupError
from joulebus_schemas.versions import SPECIFICATION

LARGE: dict[str, Any] = {"requests": {"cpu": "10m", "memory": "120Mi"}, "limits": {"memory": "448Mi"}}
"""The pods of those who work out light and weather for months ahead: in a child process, for some seconds."""
RESOURCES: dict[str, Any] = {"requests": {"cpu": "10m", "memory": "80Mi"}, "limits": {"memory": "160Mi"}}


class PodSettings(BaseModel):
    """How the pods of devices are to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    release: str = Field(description="of the chart; all names begin with it")
    image: str = Field(description="in which joulebus is installed")
    router: str = Field(description="where components find the router, such as ws://house-router:8081/")
    home_config: str = Field(description="the ConfigMap with the home file and the files beside it")
    owner: str = Field(description="the Deployment that owns the devices: when it goes, they go")
    home_secret: str = Field(default="", description="the Secret with the files below secrets/; a device gets those that it names")
    pull_policy: str = "IfNotPresent"
    pull_secrets: tuple[str, ...] = ()
    resources: dict[str, Any] = RESOURCES
    resources_by_kind: dict[str, dict[str, Any]] = {"panel": LARGE, "sun": LARGE, "weather": LARGE}
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    node_selector: dict[str, str] = {}
    tolerations: tuple[dict[str, Any], ...] = ()
    affinity: dict[str, Any] = {}
    priority_class: str | None = None
    models: str | None = Field(default=None, description="URL of a store of models")
    user: int = 10001
    termination_seconds: int = 10
    version: str = SPECIFICATION
    chart: str | None = None


def read_pod_settings(path: Path) -> PodSettings:
    """From a file with one JSON object.

    Raises:
        SetupError: It is missing, or something in it is wrong.
    """
    try:
        return PodSettings.model_validate(json.loads(path.read_text()))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise SetupError(f"the settings of pods in {path} must be right, but {where} is not: {first['msg']}") from None
    except (OSError, ValueError) as error:
        raise SetupError(f"the settings of pods must be one JSON object in {path}, but are not: {error}") from None
