"""The chat page's files, read once, revalidated at every visit, under a strict policy."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

from qa.http.envelope import SELF_ONLY

FOLDER = Path(__file__).parent.parent / "page"
INDEX = "index.html"

# Only these are served: what else lies in the folder is for development.
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

COMMENT = re.compile(r"^[ \t]*/\*\*.*?\*/$", re.MULTILINE | re.DOTALL)
"""A JSDoc comment on lines of its own."""

INDENT = re.compile(r"^[ \t]+", re.MULTILINE)

HEADERS = {
    # The browser keeps the file but asks each time, so an upgrade shows at once.
    "Cache-Control": "no-cache",
    # Chromium then refuses text given to innerHTML and its kind.
    "Content-Security-Policy": f"{SELF_ONLY}; require-trusted-types-for 'script'",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the page; ``etag`` names its exact content."""

    content: bytes
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
    """The served files by their path within ``folder``, with forward slashes."""
    return {
        path.relative_to(folder).as_posix(): _page_file(path)
        for path in sorted(folder.rglob("*"))
        if path.suffix in MEDIA_TYPES and path.is_file()
    }


def _page_file(path: Path) -> PageFile:
    content = path.read_bytes()
    if path.suffix in (".css", ".js"):
        content = lean(content.decode("utf-8")).encode("utf-8")
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return PageFile(content, MEDIA_TYPES[path.suffix], etag)


def lean(code: str) -> str:
    """Code without what only its authors need, types and indentation.

    Its lines keep their numbers, so an error in the browser names the line in the file.
    """
    bare = COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), code)
    return INDENT.sub("", bare)


def _response(file: PageFile, request: Request) -> Response:
    headers = {**HEADERS, "ETag": file.etag}
    if _names(request.headers.get("If-None-Match", ""), file.etag):
        return Response(status_code=304, headers=headers)
    return Response(file.content, headers=headers, media_type=file.media_type)


def _names(if_none_match: str, etag: str) -> bool:
    """Whether an ``If-None-Match`` header names the tag, by RFC 9110's weak comparison."""
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in (etag, "*") for tag in tags)
