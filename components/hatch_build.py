"""What the wheel of joulebus requires: its own two siblings in exactly its version, and the list of pyproject.toml."""

from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

SIBLINGS = ("joulebus-core", "joulebus-schemas")


class Requirements(MetadataHookInterface):
    """The version has one place (core/Cargo.toml), so the pins of the siblings are computed from it."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the field that pyproject.toml declares as dynamic."""
        pins = [f"{sibling}=={metadata['version']}" for sibling in SIBLINGS]
        metadata["dependencies"] = [*pins, *self.config["requires"]]
