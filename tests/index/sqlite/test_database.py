"""One library, several processes: readers never wait and see one revision; damage is told."""

import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from index.errors import LibraryError
from index.ingest.loading import draft_of_text
from index.sqlite.check import check
from index.sqlite.library import SQLiteLibrary
from index.sqlite.schema import FILE_NAME
from tests.fakes import WordEmbedder, all_articles

ROOT = Path(__file__).parents[3]
WORDS = "anchor boat chart deck engine fish gull hull island jetty".split()

READER = """
import json, sys, time
from pathlib import Path
from index.sqlite.library import SQLiteLibrary
from tests.fakes import WordEmbedder
library = SQLiteLibrary(Path(sys.argv[1]), WordEmbedder())
print("ready", flush=True)
seen = []
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    found = library.search("anchor boat jetty", 50)
    seen.append([found.revision, sorted(passage.article.source for passage in found.passages)])
print(json.dumps(seen), flush=True)
"""


def _text(number: int) -> str:
    rng = np.random.default_rng(number)
    return " ".join(rng.permutation(WORDS)) + f" {number}."


def test_processes_that_read_see_one_revision_each_time_while_another_writes(
    folder: Path, library: SQLiteLibrary
) -> None:
    held = {library.revision: list[str]()}
    readers = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", READER, str(folder), "3"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout
        assert reader.stdout.readline() == "ready\n"
    sources: list[str] = []
    end = time.monotonic() + 2.5
    number = 0
    while time.monotonic() < end:
        article = library.add(draft_of_text(_text(number), source=f"{number:03}")).article
        sources.append(article.source or "")
        held[library.revision] = sorted(sources)
        if len(sources) > 4:
            library.remove(article.id)
            sources.pop()
        number += 1
    for reader in readers:
        out, _ = reader.communicate(timeout=60)
        assert reader.returncode == 0
        seen = json.loads(out)
        assert len({revision for revision, _ in seen}) > 1
        assert all(held[revision] == found for revision, found in seen)


def test_a_reader_does_not_wait_for_a_writer(folder: Path, library: SQLiteLibrary) -> None:
    library.add(draft_of_text("The ferry leaves.", source="a"))
    program = (
        "import sys; from pathlib import Path\n"
        "from index.sqlite.catalogue import Catalogue\n"
        "from tests.fakes import WordEmbedder\n"
        "with Catalogue(Path(sys.argv[1]), WordEmbedder(), create=False).writing() as change:\n"
        "    change.remove(change.article_ids()[0])\n"
        "    print('half-way', flush=True)\n"
        "    sys.stdin.readline()\n"
    )
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout
        assert writer.stdin
        assert writer.stdout.readline() == "half-way\n"
        assert len(library.search("ferry", 5).passages) == 1
        assert SQLiteLibrary(folder, WordEmbedder()).counts() == (1, 1)
        writer.stdin.write("\n")
        writer.stdin.close()
        assert writer.wait(60) == 0
    assert library.counts() == (0, 0)


def _use(folder: Path) -> str:
    library = SQLiteLibrary(folder, WordEmbedder())
    wholes = [library.whole(article.id) for article in all_articles(library)]
    return repr((wholes, library.search("anchor boat", 50), library.search("island", 5)))


@pytest.mark.parametrize("kind", ["flipped", "cut off"])
def test_a_damaged_file_is_as_it_was_or_says_what_is_broken(
    folder: Path, library: SQLiteLibrary, kind: str
) -> None:
    """Wherever a byte is flipped or the file ends: using it gives what it gave, or an error with
    a remedy, or what ``check`` finds broken. Never a fault of ours."""
    for number in range(8):
        library.add(draft_of_text(f"{_text(number)}\n\n{_text(100 + number)}", source=f"{number}"))
    whole, file = _use(folder), folder / FILE_NAME
    data = file.read_bytes()
    rng = np.random.default_rng(5)
    told = 0
    for place in rng.integers(0, len(data), 40).tolist():
        damaged = bytearray(data)
        if kind == "flipped":
            damaged[place] ^= 1 << (place % 8)
        else:
            del damaged[place:]
        for other in folder.iterdir():
            other.unlink()
        file.write_bytes(damaged)
        with suppress(LibraryError):
            told -= 1
            same = _use(folder) == whole
            told += 1
            assert same or check(folder), f"{kind} at {place} went unnoticed"
    assert told < 0
