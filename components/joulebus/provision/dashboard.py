"""The dashboard at the guests' door: the files of its folder, each with the headers that keep a page safe.

It is copied into the run directory, together with the built dashboard, and imported by Crossbar: it imports nothing of ours. All files
are read once, so a path can lead to nothing else. Only index.html differs from answer to answer: it carries the nonce of its styles.
"""

import gzip
import re
import secrets
from pathlib import Path
from typing import Any, NamedTuple

BUILT = "dashboard"
"""Where the built files are: beside this module in a run directory, and in the package."""
INDEX = "/index.html"
"""What a folder's own address shows: of the root, and of a language below it."""
NONCE = b"JOULEBUS_NONCE"
"""In index.html it stands for the nonce of a response."""
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.(js|css|woff2)$")
"""Names with the hash of their content: what they say never changes."""
FOREVER, ASKED_AGAIN = "public, max-age=31536000, immutable", "no-cache"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
FEATURES = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
SAFE_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
TLS_ONLY = "max-age=31536000"
"""Whoever came over TLS comes so for a year."""


class ServedFile(NamedTuple):
    """A file of the dashboard, as it is and compressed."""

    kind: str
    body: bytes
    compressed: bytes
    lasts: str


class Dashboard:
    """All files of the built dashboard, by path; none when it was not built."""

    def __init__(self, folder: Path) -> None:
        found = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in MEDIA_TYPES)
        self.files = {f"/{path.relative_to(folder).as_posix()}": read_served(path) for path in found}

    def page(self, path: str) -> "DashboardPage | None":
        """What is at a path; None when there is nothing."""
        path = path[:-1] + INDEX if path.endswith("/") else path
        return DashboardPage(path, self.files[path]) if path in self.files else None


class DashboardPage:
    """One answer, as Twisted's web server asks for it."""

    isLeaf = True

    def __init__(self, path: str, file: ServedFile) -> None:
        self.path, self.file = path, file

    def render(self, request: Any) -> bytes:
        """Headers and content; other methods than GET and HEAD are refused."""
        if request.method not in (b"GET", b"HEAD"):
            request.setResponseCode(405)
            return b""
        body, nonce = self.file.body, secrets.token_urlsafe(16)
        if self.path.endswith(INDEX):
            body = body.replace(NONCE, nonce.encode())
        elif self.file.compressed and "gzip" in (request.getHeader("accept-encoding") or ""):
            body = self.file.compressed
            request.setHeader("Content-Encoding", "gzip")
        for name, value in web_headers(self.file, nonce, bool(request.isSecure())).items():
            request.setHeader(name, value)
        request.setHeader("Content-Length", str(len(body)))
        return b"" if request.method == b"HEAD" else body


def web_headers(file: ServedFile, nonce: str, is_secure: bool) -> dict[str, str]:
    """All headers of an answer; Crossbar's own name and version are not among them."""
    said = {**SAFE_HEADERS, "Cache-Control": file.lasts, "Content-Type": file.kind, "Server": "joulebus", "Vary": "Accept-Encoding"}
    said["Content-Security-Policy"] = PAGE_POLICY.format(nonce=nonce)
    return said | ({"Strict-Transport-Security": TLS_ONLY} if is_secure else {})


def read_served(path: Path) -> ServedFile:
    """A file; what does not become smaller stays as it is."""
    body = path.read_bytes()
    compressed = b"" if path.suffix == ".woff2" else gzip.compress(body, 6, mtime=0)
    lasts = FOREVER if HASHED.search(path.name) else ASKED_AGAIN
    return ServedFile(MEDIA_TYPES[path.suffix], body, compressed if 0 < len(compressed) < len(body) else b"", lasts)
