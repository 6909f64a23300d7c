"""What the service says of itself."""

from pathlib import Path

from fastapi.testclient import TestClient

from qa.http.app import create_app
from qa.settings import Settings
from tests.qa.http.conftest import open_fake, wait_until_ready, with_two_articles


def test_about_tells_version_library_and_models(client: TestClient) -> None:
    about = client.get("/v1/about").json()
    ready = client.get("/readyz").json()
    for field in ("articles", "paragraphs", "library_revision", "models"):
        assert about[field] == ready[field]
    assert about["version"]
    assert about["tags"] == []


def test_tags_are_told_by_name_as_the_library_has_them_now(client: TestClient) -> None:
    for text, tags in (("The train leaves.", ["rail", "Coast"]), ("The bus leaves.", ["rail"])):
        client.post("/v1/articles", json={"text": text, "tags": tags})
    assert client.get("/v1/about").json()["tags"] == ["Coast", "rail"]
    for article in client.get("/v1/articles").json()["articles"]:
        client.delete(f"/v1/articles/{article['id']}")
    assert client.get("/v1/about").json()["tags"] == []


def test_it_says_whether_addresses_are_fetched(tmp_path: Path) -> None:
    settings = with_two_articles(tmp_path)
    for fetch in (False, True):
        allowed = Settings(library=settings.library, seeds=settings.seeds, fetch=fetch)
        with TestClient(create_app(allowed, open_answerer=open_fake)) as client:
            wait_until_ready(client)
            assert client.get("/v1/about").json()["fetches"] is fetch
