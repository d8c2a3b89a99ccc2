"""The version of the specification, of all words and addresses together; it is that of the packages, too."""

SPECIFICATION = "0.2.0"
"""Major, minor, patch. Before 1.0 a minor version may change anything, as SemVer has it; a patch only adds."""


def line(version: str) -> tuple[int, ...]:
    """What two versions must share so that those who speak them understand each other: the major version, before 1.0 also the minor."""
    major, minor, _ = (int(part) for part in version.split("."))
    return (major,) if major else (major, minor)
