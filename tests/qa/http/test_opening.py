from pathlib import Path

from fastapi.testclient import TestClient

from qa.http.app import create_app
from qa.settings import Settings
from tests.qa.http.conftest import open_fake, wait_until_ready


def sources(settings: Settings) -> list[str | None]:
    """The sources of the articles that a service over these settings has when it is ready."""
    with TestClient(create_app(settings, open_answerer=open_fake)) as client:
        wait_until_ready(client)
        listing = client.get("/v1/articles").json()
    return [article["source"] for article in listing["articles"]]


def test_an_empty_library_takes_in_the_seeds(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "light.txt").write_text("The lighthouse was lit in 1811.")
    (seeds / "broken.txt").write_bytes(b"\0")
    (seeds / "picture.png").write_bytes(b"")

    assert sources(Settings(library=tmp_path / "new", seeds=seeds)) == ["seeds/light.txt"]


def test_a_library_with_articles_does_not_take_in_the_seeds(settings: Settings) -> None:
    settings.seeds.mkdir()
    (settings.seeds / "light.txt").write_text("The lighthouse was lit in 1811.")

    assert sources(settings) == ["harbour.txt", "https://m.example/bath"]


def test_a_library_without_seeds_stays_empty(tmp_path: Path) -> None:
    assert sources(Settings(library=tmp_path / "new", seeds=tmp_path / "none")) == []


def test_an_empty_library_gives_reasons_and_no_answers(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path / "new", seeds=tmp_path / "none")
    with TestClient(create_app(settings, open_answerer=open_fake)) as client:
        wait_until_ready(client)
        answer = client.post("/v1/ask", json={"question": "When?"}).json()

    assert (answer["answered"], answer["passages"]) == (False, [])
    assert "the library is empty" in answer["reason"]
