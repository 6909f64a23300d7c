"""The chat page's files, read once, revalidated at every visit, under a strict policy."""

import gzip
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

from qa.http.middleware.request_context import SELF_ONLY

FOLDER = Path(__file__).parents[2] / "page"
INDEX = "index.html"

# Only these are served: what else lies in the folder is for development.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}

STYLESHEET = re.compile(r'(?<! ) *+<link rel="stylesheet" href="/page/([^"]+)">\n')
STYLES = "styles.css"
"""All stylesheets that ``index.html`` names, in its order, as one file."""

LATER = "later/"
"""The scripts that few visits need; they are fetched when they are asked for."""

HEADERS = {
    # The browser keeps the file but asks each time, so an upgrade shows at once.
    "Cache-Control": "no-cache",
    # Chromium then refuses text given to innerHTML and its kind.
    "Content-Security-Policy": f"{SELF_ONLY}; require-trusted-types-for 'script'",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the page; ``etag`` names its exact content, which ``packed`` holds as gzip."""

    content: bytes
    packed: bytes
    media_type: str
    etag: str


def page_router(folder: Path = FOLDER) -> APIRouter:
    """Serves ``/`` and ``/page/…`` from the files that ``folder`` holds at this moment."""
    files = page_files(folder)
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=["GET", "HEAD"])
    async def index(request: Request) -> Response:
        return _response(files[INDEX], request)

    @router.api_route("/page/{path:path}", methods=["GET", "HEAD"])
    async def asset(path: str, request: Request) -> Response:
        if path not in files:
            raise HTTPException(404, f"the page has no file {path!r}: open / for the page")
        return _response(files[path], request)

    return router


def page_files(folder: Path) -> dict[str, PageFile]:
    """The served files by their path within ``folder``, with forward slashes.

    The styles come as one file, and the index names every script, so that a browser fetches all
    at once and not one after another.
    """
    paths = [
        path for path in sorted(folder.rglob("*")) if path.suffix in MEDIA_TYPES and path.is_file()
    ]
    pictures = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in paths
        if path.suffix == ".png"
    }
    contents = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in paths
        if path.suffix != ".png"
    }
    sheets = STYLESHEET.findall(contents[INDEX])
    if sheets:
        contents[STYLES] = "".join(contents.pop(sheet) for sheet in sheets)
    scripts = [name for name in contents if name.endswith(".js") and not name.startswith(LATER)]
    contents[INDEX] = _linked(contents[INDEX], [STYLES] if sheets else [], scripts)
    texts = {name: content.encode("utf-8") for name, content in contents.items()}
    return {name: _page_file(name, content) for name, content in (texts | pictures).items()}


def _linked(html: str, sheets: Sequence[str], scripts: Sequence[str]) -> str:
    links = [f'<link rel="stylesheet" href="/page/{name}">\n' for name in sheets]
    links += [f'<link rel="modulepreload" href="/page/{name}">\n' for name in scripts]
    return STYLESHEET.sub("", html).replace("</head>", "".join(links) + "</head>")


def _page_file(name: str, content: bytes) -> PageFile:
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    packed = gzip.compress(content, mtime=0)
    return PageFile(content, packed, MEDIA_TYPES[Path(name).suffix], etag)


def _response(file: PageFile, request: Request) -> Response:
    headers = {**HEADERS, "ETag": f"W/{file.etag}", "Vary": "Accept-Encoding"}
    if _names(request.headers.get("If-None-Match", ""), file.etag):
        return Response(status_code=304, headers=headers)
    content = file.content
    if len(file.packed) < len(content) and _takes_gzip(request):
        content = file.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type=file.media_type)


def _takes_gzip(request: Request) -> bool:
    codings = request.headers.get("Accept-Encoding", "").replace(" ", "").split(",")
    return "gzip" in codings


def _names(if_none_match: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` header names the tag, by RFC 9110's weak comparison."""
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in (etag, "*") for tag in tags)
