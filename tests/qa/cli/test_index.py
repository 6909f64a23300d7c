"""``pullquote index``."""

import json
import sqlite3
from pathlib import Path

import pytest

from index.errors import InputError
from index.ingest.fetching.address import read_address
from index.ingest.fetching.fetched import Fetched
from qa.cli.wiring import Wiring
from qa.settings import Settings
from tests.index.ingest.loading.files import archive, lines, page, pdf
from tests.qa.cli.conftest import FakeWiring, Run
from tests.site import answer, serving

FERRY = "https://a.example/ferry"


def test_it_says_what_became_of_every_file_and_why(run: Run, articles: Path) -> None:
    result = run("index", "articles")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "added     articles/bridge.txt (The bridge was closed in Porto.)",
        "added     articles/harbour.txt (The harbour opened in Lisbon. It has nine cranes.)",
        "skipped   articles/picture.png: the format '.png' is not taken",
        "2 added, 0 replaced, 0 unchanged, 1 skipped, 0 refused. "
        "The library 'library' holds 2 articles with 3 paragraphs.",
    ]


def test_a_changed_file_replaces_its_article_and_the_others_stay(run: Run, library: Path) -> None:
    Path("articles/bridge.txt").write_text("The bridge was opened in Faro.\n", encoding="utf-8")
    lines = run("index", "articles").stdout.splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [
        ["replaced", "articles/bridge.txt"],
        ["unchanged", "articles/harbour.txt"],
    ]


def test_a_refused_file_is_named_with_the_remedy_and_the_exit_code_is_2(
    run: Run, library: Path
) -> None:
    Path("articles/noise.txt").write_bytes(b"\x00\x01" * 50)
    result = run("index", "articles")
    assert result.exit_code == 2
    assert "refused   articles/noise.txt: 'articles/noise.txt' is binary" in result.stdout
    assert "1 refused. The library 'library' holds 2 articles" in result.stdout


def test_a_file_with_several_articles_is_told_of_article_by_article(
    run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = archive({"a.html": page("<p>The ferry leaves.</p>"), "b.pdf": pdf(lines(["Noon."]))})
    Path("news.zip").write_bytes(packed)
    monkeypatch.setenv("PULLQUOTE_MAX_PAGES", "1")
    Path("long.pdf").write_bytes(pdf(lines(["Noon."]), lines(["One."])))
    result = run("index", "news.zip", "long.pdf")
    assert result.exit_code == 2
    assert result.stdout.splitlines()[:3] == [
        "added     news.zip/a.html (The ferry leaves.)",
        "added     news.zip/b.pdf (Noon.)",
        "refused   long.pdf: 'long.pdf' has 2 pages, more than the 1 taken: "
        "set PULLQUOTE_MAX_PAGES higher to take it",
    ]


def test_json_is_one_document_with_every_file_the_counts_and_the_library(
    run: Run, articles: Path
) -> None:
    document = json.loads(run("index", "articles", "--json").stdout)
    assert [(file["path"], file["status"]) for file in document["files"]] == [
        ("articles/bridge.txt", "added"),
        ("articles/harbour.txt", "added"),
        ("articles/picture.png", "skipped"),
    ]
    assert document["files"][2]["reason"] == "the format '.png' is not taken"
    assert document["counts"]["added"] == 2
    assert document["library"]["paragraphs"] == 3
    assert len(document["library"]["revision"]) == 64


def test_sources_are_paths_from_the_folder_that_holds_the_library(run: Run, articles: Path) -> None:
    run("index", articles, "--library", "deep/library")
    document = json.loads(run("index", articles, "--library", "library", "--json").stdout)
    assert document["files"][0]["source"] == "articles/bridge.txt"
    document = json.loads(run("index", articles, "--library", "deep/library", "--json").stdout)
    assert document["files"][0]["source"] == (articles / "bridge.txt").as_posix()


def test_the_library_s_place_comes_from_the_environment_unless_it_is_given(
    run: Run, articles: Path, tmp_path: Path
) -> None:
    run("index", "articles", env={"PULLQUOTE_LIBRARY": "kept"})
    assert (tmp_path / "kept").is_dir()
    run("index", "articles", "--library", "given", env={"PULLQUOTE_LIBRARY": "other"})
    assert (tmp_path / "given").is_dir()
    assert not (tmp_path / "other").exists()


def test_a_path_without_articles_is_an_error_that_makes_no_library(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    result = run("index", "empty")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: 'empty' holds no article: give a folder with files")
    assert result.stdout == ""
    assert not (tmp_path / "library").exists()


def test_a_library_from_a_newer_version_is_an_error_with_the_remedy(
    run: Run, library: Path
) -> None:
    with sqlite3.connect(library / "catalogue.sqlite3") as catalogue:
        catalogue.execute("PRAGMA user_version = 99")
    catalogue.close()
    result = run("index", "articles")
    assert result.exit_code == 2
    assert "has format 99, and this Pullquote knows formats up to" in result.stderr
    assert "upgrade Pullquote" in result.stderr


@pytest.fixture
def ferry(wiring: FakeWiring) -> None:
    """A page at ``FERRY``."""
    page = Fetched(b"# Ferry\n\nIt leaves at noon.", "ferry.md", "", read_address(FERRY))
    wiring.pages[FERRY] = page


@pytest.mark.usefixtures("ferry")
def test_pages_are_taken_in_beside_files_and_told_like_them(run: Run, articles: Path) -> None:
    result = run("index", FERRY, "articles/bridge.txt", "https://a.example/gone")

    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        "added     articles/bridge.txt (The bridge was closed in Porto.)",
        f"added     {FERRY} (Ferry)",
        "refused   https://a.example/gone: 'https://a.example/gone' answers with the status 404: "
        "check it",
        "2 added, 0 replaced, 0 unchanged, 0 skipped, 1 refused. "
        "The library 'library' holds 2 articles with 2 paragraphs.",
    ]


@pytest.mark.usefixtures("ferry")
def test_a_page_alone_is_taken_in_with_its_address_as_its_source(run: Run) -> None:
    (page,) = json.loads(run("index", FERRY, "--json").stdout)["files"]
    assert (page["path"], page["source"], page["status"]) == (FERRY, FERRY, "added")


@pytest.mark.usefixtures("ferry")
def test_private_addresses_are_fetched_from_only_if_that_is_said(
    run: Run, wiring: FakeWiring
) -> None:
    run("index", FERRY)
    run("index", FERRY, "--allow-private-addresses")
    run("index", FERRY, env={"PULLQUOTE_FETCH_PRIVATE": "true"})
    assert [call["private"] for call in wiring.calls] == [False, True, True]


def test_an_address_that_is_none_is_an_error_that_makes_no_library(
    run: Run, tmp_path: Path
) -> None:
    result = run("index", "http://me:secret@a.example/")
    assert result.exit_code == 2
    assert "was given with a user's name or password: leave them out" in result.stderr
    assert "secret" not in result.output
    assert not (tmp_path / "library").exists()


def test_the_settings_are_the_limits_of_what_is_fetched() -> None:
    """Over the real network, of which this machine is a private part."""
    with serving() as site:
        site.pages[f"127.0.0.1:{site.port}/"] = answer(b"The ferry leaves.", "text/plain")
        url = f"http://127.0.0.1:{site.port}/"
        allowed = Settings(fetch_private=True, fetch_ports=(site.port,))
        assert Wiring().fetch(allowed, url).data == b"The ferry leaves."
        with pytest.raises(InputError, match="--allow-private-addresses"):
            Wiring().fetch(Settings(fetch_ports=(site.port,)), url)
