"""Settings, from the environment (``PULLQUOTE_…``) or a file named ``.env``."""

import os
import re
from dataclasses import fields
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.embedding.onnx import DEFAULT as DEFAULT_EMBEDDER
from index.errors import InputError
from index.ingest.fetching.policy import FetchPolicy
from index.ingest.loading import Limits

PREFIX = "PULLQUOTE_"

HOST = re.compile(r"\*|[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
ORIGIN = re.compile(r"\*|https?://[^/?#\s]+")
LIMITS = Limits()


def _parted(value: object) -> object:
    """Several values, as one line of the environment has them."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _host(value: str) -> str:
    if not HOST.fullmatch(value):
        raise ValueError(f"{value!r} is no host: write it as example.org, without a port")
    return value.lower()


def _origin(value: str) -> str:
    if not ORIGIN.fullmatch(value):
        raise ValueError(f"{value!r} is no origin: write it as https://example.org, without a path")
    return value.lower()


def _network(value: str) -> str:
    try:
        return str(ip_network(value, strict=False)) if "/" in value else str(ip_address(value))
    except ValueError:
        raise ValueError(f"{value!r} is no address: write it as 10.0.0.1 or 10.0.0.0/8") from None


Ports = Annotated[
    tuple[Annotated[int, Field(ge=1, le=65_535)], ...], NoDecode, BeforeValidator(_parted)
]
Hosts = Annotated[
    tuple[Annotated[str, AfterValidator(_host)], ...], NoDecode, BeforeValidator(_parted)
]
Origins = Annotated[
    tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_parted)
]
Networks = Annotated[
    tuple[Annotated[str, AfterValidator(_network)], ...], NoDecode, BeforeValidator(_parted)
]


class Settings(BaseSettings):
    """All that can be set. ``docs/settings.md`` is made from it; a test holds them together."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    library: Annotated[Path, Field(description="the library's folder")] = Path("library")
    seeds: Annotated[
        Path, Field(description="what an empty library takes in when it is served")
    ] = Path("seeds")
    embedder: Annotated[
        str,
        Field(
            description="the packaged model on onnxruntime; the folder of another that was "
            "exported likewise; or any sentence-transformers model, on PyTorch: "
            "`all-MiniLM-L6-v2`, the packaged one, or a folder"
        ),
    ] = DEFAULT_EMBEDDER
    reader: Annotated[
        str,
        Field(
            description="'span' for the exact words, 'sentence' for whole sentences, the folder of "
            "weights that you have trained and exported, or a Hugging Face question-answering "
            "model: a folder or a cached name"
        ),
    ] = "span"
    passages_read: Annotated[
        int,
        Field(
            ge=1, le=50, description="passages read for one question; for a follow-up twice as many"
        ),
    ] = 5
    min_confidence: Annotated[
        float | None,
        Field(ge=0, le=1, description="answer from this probability on; unset: the reader's own"),
    ] = None
    confidence: Annotated[
        Path | None,
        Field(
            description="a file of coefficients, for a reader of your own; unset: those that ship"
        ),
    ] = None
    threads: Annotated[
        int, Field(ge=1, description="threads for the models; at most one a core is used")
    ] = os.cpu_count() or 1
    queue_length: Annotated[
        int, Field(ge=1, description="questions that may wait before others are sent away")
    ] = 32
    queue_seconds: Annotated[
        float, Field(gt=0, description="how long a question may wait for its turn")
    ] = 10.0
    max_upload_bytes: Annotated[
        int, Field(ge=1, description="the size of an article or upload at most")
    ] = 20_000_000
    max_request_bytes: Annotated[
        int, Field(ge=1, description="the size of any other request's body at most")
    ] = 2_000_000
    header_seconds: Annotated[
        float,
        Field(gt=0, description="how long a connection may be open without a request's headers"),
    ] = 15.0
    body_seconds: Annotated[
        float,
        Field(gt=0, description="how long a request's body, or reading the answer, may take"),
    ] = 120.0
    max_connections: Annotated[
        int,
        Field(
            ge=8,
            description="connections at once; fewer where the system lets fewer files be open",
        ),
    ] = 512
    keys_for: Annotated[
        Literal["auto", "writing", "everything"],
        Field(
            description="what needs an API key: 'writing', 'everything', or 'auto': writing, when "
            "the service listens beyond this machine or trusts a proxy"
        ),
    ] = "auto"
    requests_per_minute: Annotated[
        int, Field(ge=1, description="requests of one key or address, a batch's questions counted")
    ] = 6000
    writes_per_minute: Annotated[
        int, Field(ge=1, description="of these, those that change the library")
    ] = 3000
    trusted_proxies: Annotated[
        Networks, Field(description="proxies whose `X-Forwarded-For` is believed, by address")
    ] = ()
    allowed_hosts: Annotated[
        Hosts,
        Field(
            description="names the service answers to, beside localhost; `*` is any; unset: "
            "localhost alone, and any when it listens beyond this machine"
        ),
    ] = ()
    cors_origins: Annotated[
        Origins,
        Field(
            description="origins whose pages may call the service, or `*`, and then writing needs "
            "a key; unset: its own"
        ),
    ] = ()
    max_file_bytes: Annotated[
        int, Field(ge=1, description="the size of a file, or of one in an archive, at most")
    ] = LIMITS.max_file_bytes
    max_file_articles: Annotated[
        int, Field(ge=1, description="articles in a file at most, such as a feed's entries")
    ] = LIMITS.max_file_articles
    max_article_characters: Annotated[
        int, Field(ge=1, description="the length of an article's text at most")
    ] = LIMITS.max_article_characters
    max_article_paragraphs: Annotated[
        int, Field(ge=1, description="paragraphs of an article at most")
    ] = LIMITS.max_article_paragraphs
    max_pages: Annotated[int, Field(ge=1, description="pages of a PDF at most")] = LIMITS.max_pages
    max_archive_members: Annotated[
        int, Field(ge=1, description="files in an archive at most, with those in archives in it")
    ] = LIMITS.max_archive_members
    max_archive_depth: Annotated[
        int,
        Field(ge=1, le=10, description="how deep archives may lie in each other; 1: not at all"),
    ] = LIMITS.max_archive_depth
    max_unpacked_bytes: Annotated[
        int, Field(ge=1, description="what an archive or a DOCX may unpack to")
    ] = LIMITS.max_unpacked_bytes
    max_unpacked_ratio: Annotated[
        int, Field(ge=1, description="how many times larger a file may be than it is packed")
    ] = LIMITS.max_unpacked_ratio
    parser_seconds: Annotated[
        float,
        Field(gt=0, le=86_400, description="seconds of computing that reading a file may take"),
    ] = LIMITS.parser_seconds
    parser_wait_seconds: Annotated[
        float,
        Field(gt=0, le=86_400, description="seconds on the clock that reading a file may take"),
    ] = LIMITS.parser_wait_seconds
    parser_bytes: Annotated[
        int,
        Field(ge=100_000_000, description="memory, in bytes, of the process that reads a file"),
    ] = LIMITS.parser_bytes
    fetch: Annotated[
        bool,
        Field(description="whether the service fetches pages and feeds that it is given a URL of"),
    ] = False
    fetch_private: Annotated[
        bool,
        Field(
            description="whether pages at private and loopback addresses are fetched too; never "
            "those of metadata services"
        ),
    ] = False
    fetch_ports: Annotated[
        Ports,
        Field(min_length=1, description="the ports that are fetched from, with commas between"),
    ] = (80, 443)
    fetch_max_bytes: Annotated[
        int, Field(ge=1, description="the size of a fetched page at most, unpacked")
    ] = 20_000_000
    fetch_seconds: Annotated[
        float, Field(gt=0, description="how long fetching a page may take, redirects included")
    ] = 30.0
    log_format: Annotated[
        Literal["console", "json"], Field(description="how the service writes its log")
    ] = "console"

    def limits(self) -> Limits:
        """What a file may hold and take to be read."""
        return Limits(**{one.name: getattr(self, one.name) for one in fields(Limits)})

    def fetch_policy(self) -> FetchPolicy:
        """What may be fetched, and how much of it."""
        return FetchPolicy(
            private=self.fetch_private,
            ports=self.fetch_ports,
            most_bytes=self.fetch_max_bytes,
            seconds=self.fetch_seconds,
        )


def read_settings(**given: object) -> Settings:
    """The settings, with what is given in the place of what the environment says.

    Raises ``InputError`` naming the setting that is wrong and what would be right.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise InputError(
            f"the setting {name}={first['input']!r} cannot be used: {first['msg']}", name
        ) from error
