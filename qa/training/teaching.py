"""Teachings: what a teacher thinks of the questions of a training file."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import InputError
from qa.training.examples import Example

NONE = -1
"""Stands for the place of no answer."""

Places = dict[int, float]
"""Code points of the context, or NONE, with their probabilities."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """Where the answer to a question begins and where it ends, end exclusive, as a teacher says."""

    starts: Places
    ends: Places


def read_teachings(file: Path, examples: Sequence[Example]) -> list[Teaching]:
    """What ``teach`` wrote of these examples. Raises InputError if it wrote it of others."""
    try:
        lines = json.loads(file.read_text(encoding="utf-8"))
        found = [Teaching(dict(map(tuple, a)), dict(map(tuple, b))) for a, b in lines]
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{file} holds no teachings ({error}): make it with 'python -m qa.training teach'",
            field="teachings",
        ) from error
    if len(found) != len(examples):
        raise InputError(
            f"{file} is of {len(found)} questions, and its training file has {len(examples)}: make "
            "it anew with 'python -m qa.training teach'",
            field="teachings",
        )
    return found
