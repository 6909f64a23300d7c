"""Made-up articles that change: files to take in, and what a library has to hold of them."""

import random
from dataclasses import dataclass, field
from pathlib import Path

from index.article import Draft, id_of
from index.ingest.loading import load_all

WORDS = [
    f"{a}{b}{c}" for a in ("ba", "ko", "ri", "mu") for b in ("la", "ne", "to") for c in "dkmst"
]


@dataclass
class Corpus:
    """Files in ``folder``, each with one article, of which each version says something else.

    For libraries in other folders, so that an article's source is its file's whole path.
    """

    folder: Path
    count: int
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for number in range(self.count):
            self.write(f"{number:03}.txt", 1)

    def write(self, name: str, version: int) -> None:
        self.versions[name] = version
        (self.folder / name).write_text(text_of(name, version), encoding="utf-8")

    def change(self, chance: random.Random, share: float) -> None:
        """Give about this share of the files their next version."""
        for name, version in list(self.versions.items()):
            if chance.random() < share:
                self.write(name, version + 1)

    def draft(self, name: str, version: int) -> Draft:
        data = text_of(name, version).encode()
        return next(load_all(data, name).sourced((self.folder / name).as_posix()))

    def id(self, name: str) -> str:
        return id_of(self.draft(name, 1))


def text_of(name: str, version: int) -> str:
    """A few paragraphs of a few sentences, the same for the same name and version."""
    chance = random.Random(f"{name} {version}")  # noqa: S311 - no secret
    mark = f"{name.partition('.')[0]}v{version}"
    paragraphs = [
        " ".join(_sentence(chance, f"mark{mark}p{number}") for _ in range(chance.randint(1, 3)))
        for number in range(chance.randint(1, 4))
    ]
    return "\n\n".join(paragraphs) + "\n"


def _sentence(chance: random.Random, mark: str) -> str:
    words = [mark, *chance.choices(WORDS, k=chance.randint(4, 9))]
    chance.shuffle(words)
    return f"The {' '.join(words)}."
