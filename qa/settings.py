"""Settings, from the environment (``PULLQUOTE_…``) or a file named ``.env``."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.embedding import DEFAULT_MODEL
from index.errors import InputError

PREFIX = "PULLQUOTE_"


class Settings(BaseSettings):
    """All that can be set. Every field is listed in the README; a test holds them together."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    library: Annotated[Path, Field(description="the library's folder")] = Path("library")
    seeds: Annotated[
        Path, Field(description="what an empty library takes in when it is served")
    ] = Path("seeds")
    embedder: Annotated[
        str, Field(description="a sentence-transformers model: the packaged one, or a folder")
    ] = DEFAULT_MODEL
    reader: Annotated[
        str,
        Field(
            description="'span' for the exact words, 'sentence' for whole sentences, the folder of "
            "weights that you have trained and exported, or a Hugging Face question-answering "
            "model: a folder or a cached name"
        ),
    ] = "sentence"
    passages_read: Annotated[
        int, Field(ge=1, le=50, description="passages read for one question")
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
    log_format: Annotated[
        Literal["console", "json"], Field(description="how the service writes its log")
    ] = "console"


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
