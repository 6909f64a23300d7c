"""The page's files as they are served."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.http.routes.page import FOLDER, page_files, page_router


def client_of(folder: Path = FOLDER) -> TestClient:
    app = FastAPI()
    app.include_router(page_router(folder))
    return TestClient(app)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "chat.js").write_text("export {};\n", encoding="utf-8")
    (tmp_path / "types.d.ts").write_text("export {};\n", encoding="utf-8")
    return tmp_path


def test_the_root_is_the_page() -> None:
    response = client_of().get("/")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Pullquote</title>" in response.text


def test_modules_are_served_as_javascript(folder: Path) -> None:
    response = client_of(folder).get("/page/views/chat.js")
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.text == "export {};\n"


def test_only_what_a_browser_needs_is_served(folder: Path) -> None:
    assert set(page_files(folder)) == {"index.html", "views/chat.js"}


@pytest.mark.parametrize(
    "path", ["types.d.ts", "nothing.js", "../page.py", "..%2Fpage.py", "%2e%2e/page.py", ""]
)
def test_nothing_else_can_be_reached(folder: Path, path: str) -> None:
    assert client_of(folder).get(f"/page/{path}").status_code == 404


def test_scripts_run_from_here_alone() -> None:
    policy = client_of().get("/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy


def test_a_kept_file_is_asked_for_each_time_and_sent_only_when_changed(folder: Path) -> None:
    first = client_of(folder).get("/page/views/chat.js")
    again = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    assert first.headers["cache-control"] == "no-cache"

    unchanged = client_of(folder).get("/page/views/chat.js", headers=again)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == first.headers["etag"]

    (folder / "views" / "chat.js").write_text("export const a = 1;\n", encoding="utf-8")
    changed = client_of(folder).get("/page/views/chat.js", headers=again)
    assert (changed.status_code, changed.text) == (200, "export const a = 1;\n")


def test_head_tells_the_size_without_the_file(folder: Path) -> None:
    response = client_of(folder).head("/")
    assert (response.headers["content-length"], response.content) == ("15", b"")


def test_all_styles_are_one_file_in_the_order_of_the_index(folder: Path) -> None:
    links = [f'    <link rel="stylesheet" href="/page/{name}.css">\n' for name in ("b", "a")]
    html = f"<head>\n{''.join(links)}</head>"
    (folder / "index.html").write_text(html, encoding="utf-8")
    for name in ("a", "b"):
        (folder / f"{name}.css").write_text(f".{name} {{\n  top: 0;\n}}\n", encoding="utf-8")
    client = client_of(folder)
    assert client.get("/page/styles.css").text == ".b {\n  top: 0;\n}\n.a {\n  top: 0;\n}\n"
    assert client.get("/").text.count("stylesheet") == 1
    assert client.get("/page/a.css").status_code == 404


def test_the_index_names_every_script_so_that_all_are_fetched_at_once() -> None:
    """But those that few visits need."""
    names = [path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js")]
    later = [name for name in names if name.startswith("later/")]
    assert later
    names = [name for name in names if name not in later]
    named = re.findall(r'modulepreload" href="/page/([^"]+)"', client_of().get("/").text)
    assert sorted(named) == sorted(names)


def test_files_are_sent_packed_to_who_takes_them_so(folder: Path) -> None:
    text = "export const words = 'again and again and again and again';\n" * 20
    (folder / "views" / "chat.js").write_text(text, encoding="utf-8")
    client = client_of(folder)
    packed = client.get("/page/views/chat.js", headers={"Accept-Encoding": "br, gzip"})
    plain = client.get("/page/views/chat.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_pictures_and_the_manifest_are_served_as_such() -> None:
    client = client_of()
    icon = client.get("/page/icon-192.png")
    assert icon.headers["content-type"] == "image/png"
    assert icon.content.startswith(b"\x89PNG")
    manifest = client.get("/page/manifest.webmanifest")
    assert manifest.headers["content-type"] == "application/manifest+json"
    assert manifest.json()["name"] == "Pullquote"


def test_the_whole_page_is_small() -> None:
    files = page_files(FOLDER).items()
    first = [min(len(file.packed), len(file.content)) for name, file in files if needed(name)]
    assert sum(first) < 90_000  # of the 130 kB that a first visit may load


def needed(name: str) -> bool:
    return not name.startswith("later/") and not name.endswith(".png")
