"""Settings from the environment, a file, and what is given."""

import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

from index.errors import InputError
from index.ingest.fetching.policy import FetchPolicy
from index.ingest.loading import Limits
from index.ingest.loading.limits import exceeded
from qa.settings import PREFIX, Settings, read_settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither an environment variable nor a file."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    assert read_settings() == Settings()
    assert read_settings().library == Path("library")


def test_the_environment_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_PASSAGES_READ", "7")
    monkeypatch.setenv("PULLQUOTE_LIBRARY", "elsewhere")
    settings = read_settings()
    assert (settings.passages_read, settings.library) == (7, Path("elsewhere"))


def test_a_file_sets_and_the_environment_overrules_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "PULLQUOTE_PASSAGES_READ=3\nPULLQUOTE_LOG_FORMAT=json\nOTHER=1\n"
    )
    monkeypatch.setenv("PULLQUOTE_PASSAGES_READ", "4")
    settings = read_settings()
    assert (settings.passages_read, settings.log_format) == (4, "json")


def test_what_is_given_overrules_the_environment_but_none_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PULLQUOTE_PASSAGES_READ", "4")
    assert read_settings(passages_read=6).passages_read == 6
    assert read_settings(passages_read=None).passages_read == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSAGES_READ", "many"),
        ("PASSAGES_READ", "0"),
        ("PASSAGES_READ", "51"),
        ("MIN_CONFIDENCE", "1.5"),
        ("MIN_CONFIDENCE", "-0.1"),
        ("THREADS", "0"),
        ("QUEUE_LENGTH", "0"),
        ("QUEUE_SECONDS", "0"),
        ("MAX_UPLOAD_BYTES", "0"),
        ("MAX_PAGES", "0"),
        ("PARSER_SECONDS", "inf"),
        ("PARSER_BYTES", "1000"),
        ("FETCH", "maybe"),
        ("FETCH_MAX_BYTES", "0"),
        ("FETCH_SECONDS", "0"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_bad_value_is_told_with_its_name_and_what_would_be_good(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(
        InputError, match=f"the setting {PREFIX}{name}='{value}' cannot be used: Input should be"
    ) as caught:
        read_settings()
    assert caught.value.field == PREFIX + name


def test_nothing_is_fetched_unless_it_is_set() -> None:
    assert not Settings().fetch
    assert Settings().fetch_policy() == FetchPolicy()


def test_the_limits_of_fetching_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ("true", "8080, 443", "1", "2")
    names = ("PRIVATE", "PORTS", "MAX_BYTES", "SECONDS")
    for name, value in zip(names, given, strict=True):
        monkeypatch.setenv(f"{PREFIX}FETCH_{name}", value)
    assert read_settings().fetch_policy() == FetchPolicy(
        private=True,
        ports=(8080, 443),
        most_bytes=1,
        seconds=2.0,
    )


@pytest.mark.parametrize("ports", ["", "http", "0", "65536", "80;443"])
def test_ports_that_are_none_are_told(monkeypatch: pytest.MonkeyPatch, ports: str) -> None:
    monkeypatch.setenv(f"{PREFIX}FETCH_PORTS", ports)
    with pytest.raises(InputError, match=f"{PREFIX}FETCH_PORTS=.* cannot be used"):
        read_settings()


def test_several_values_stand_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_ALLOWED_HOSTS", "Docs.Example, [::2] b")
    monkeypatch.setenv("PULLQUOTE_CORS_ORIGINS", "https://a.example,http://localhost:3000")
    monkeypatch.setenv("PULLQUOTE_TRUSTED_PROXIES", "10.1.2.3/8 ::1")
    settings = read_settings()
    assert settings.allowed_hosts == ("docs.example", "[::2]", "b")
    assert settings.cors_origins == ("https://a.example", "http://localhost:3000")
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("ALLOWED_HOSTS", "a:80", "'a:80' is no host: write it as example.org, without a port"),
        ("CORS_ORIGINS", "a.example", "'a.example' is no origin: write it as https://example.org"),
        ("CORS_ORIGINS", "https://a/", "'https://a/' is no origin: write it as https://"),
        ("TRUSTED_PROXIES", "*", "'*' is no address: write it as 10.0.0.1 or 10.0.0.0/8"),
        ("TRUSTED_PROXIES", "::1, proxy", "'proxy' is no address: write it as 10.0.0.1"),
    ],
)
def test_a_bad_one_of_several_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(InputError, match=re.escape(remedy)) as caught:
        read_settings()
    assert caught.value.field == PREFIX + name


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_is_described(name: str) -> None:
    assert Settings.model_fields[name].description


def test_the_limits_of_files_are_settings_with_the_same_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read_settings().limits() == Limits()
    monkeypatch.setenv("PULLQUOTE_MAX_PAGES", "7")
    assert read_settings().limits() == Limits(max_pages=7)


@pytest.mark.parametrize("limit", [one.name for one in fields(Limits)])
def test_a_refusal_names_the_setting_that_moves_its_limit(limit: str) -> None:
    setting = exceeded(limit, "it is too large").setting
    assert setting.removeprefix(PREFIX).lower() in Settings.model_fields
