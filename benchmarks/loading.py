"""How much of real documents the loaders keep: ``python -m benchmarks.loading FOLDER``.

For every file of the folder it compares the words that are shown, as another program shows them,
with the words that were kept: PDFs by ``pdftotext`` (poppler-utils), what office programs write by
``soffice`` (LibreOffice) if they are installed, and web pages by their own markup: the words of the
blocks that the page holds, scripts and styles aside. It prints the share that is kept, the numbers
that are glued (a kept number that the document does not show but whose parts it does), and the
worst files.
"""

import argparse
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import InputError
from index.ingest.loading import load_all, takes

WORST = 20
SECONDS = 120
KEPT_SHARE = 0.995
"""The aim: so much of the words kept."""

_WORDS = re.compile(r"\w+")
_UNSEEN = (
    "//script|//style|//noscript|//template|//head|//nav|//footer|//del|//s|//strike|//dialog"
    "|//*[@hidden]|//*[@aria-hidden='true']|//*[contains(translate(@style,' ',''),'display:none')]"
)
_PAGES = (".htm", ".html", ".xhtml")
_OFFICE = (".docx", ".odp", ".odt", ".pptx")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Words of a file: shown, kept of these, kept but not shown, and numbers that are glued."""

    path: Path
    shown: int
    kept: int
    invented: int
    glued: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.kept / self.shown if self.shown else 1.0


def compared(path: Path) -> Comparison | None:
    """The comparison of a file, or None when no program is there to show it."""
    text = shown_text(path)
    if text is None:
        return None
    loaded = load_all(path.read_bytes(), path.name)
    shown = Counter(_words(text))
    kept = Counter(word for draft in loaded.drafts for word in _words(draft.text))
    invented = kept - shown
    return Comparison(
        path,
        shown.total(),
        (shown & kept).total(),
        invented.total(),
        tuple(word for word in invented if _is_glued(word, shown)),
    )


def shown_text(path: Path) -> str | None:
    """What another program shows of a file."""
    suffix = path.suffix.lower()
    if suffix in _PAGES:
        return _of_page(path)
    if suffix == ".pdf" and (program := shutil.which("pdftotext")):
        return _printed([program, "-layout", str(path), "-"])
    if suffix in _OFFICE and (program := shutil.which("soffice")):
        with tempfile.TemporaryDirectory() as folder:
            _printed([program, "--headless", "--convert-to", "pdf", "--outdir", folder, str(path)])
            made = list(Path(folder).glob("*.pdf"))
            return shown_text(made[0]) if made else None
    return None


def _of_page(path: Path) -> str:
    """The words of the elements that hold the main text, by their tags alone."""
    from lxml import html

    root = html.fromstring(path.read_bytes())
    for element in root.xpath(_UNSEEN):
        element.drop_tree()
    found = root.xpath("//main|//article") or [root]
    return " ".join(found[0].itertext())


def _printed(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    return done.stdout.decode("utf-8", "replace")


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(text.replace("\u00ad", ""))]


def _is_glued(word: str, shown: Counter[str]) -> bool:
    """Whether a number is made of two that the document shows."""
    if not word.isdigit():
        return False
    return any(word[:cut] in shown and word[cut:] in shown for cut in range(1, len(word)))


def compare_all(folder: Path) -> Iterator[Comparison | tuple[Path, str]]:
    """Each file's comparison, or why there is none."""
    for path in sorted(one for one in folder.rglob("*") if one.is_file() and takes(one.name)):
        try:
            found = compared(path)
        except (InputError, subprocess.TimeoutExpired, ValueError) as error:
            yield path, " ".join(str(error).split())[:200]
            continue
        yield found or (path, "no program is there to show it")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="documents, in folders as deep as there are")
    folder = parser.parse_args().folder
    found: list[Comparison] = []
    for one in compare_all(folder):
        if isinstance(one, Comparison):
            found.append(one)
        else:
            print(f"not compared: {one[0]}: {one[1]}")  # noqa: T201
    if not found:
        parser.error(f"{str(folder)!r} holds nothing to compare")
    good = sum(one.share >= KEPT_SHARE for one in found)
    shown, kept = sum(one.shown for one in found), sum(one.kept for one in found)
    invented = sum(one.invented for one in found)
    print(f"{len(found)} files, {shown:,} words shown, {kept / max(1, shown):.2%} kept")  # noqa: T201
    print(f"{good / len(found):.1%} of the files keep {KEPT_SHARE:.1%}")  # noqa: T201
    print(f"{invented:,} words kept that are not shown")  # noqa: T201
    print(f"{sum(len(one.glued) for one in found)} glued numbers")  # noqa: T201
    for one in sorted(found, key=lambda one: one.share)[:WORST]:
        print(f"{one.share:8.2%} {one.invented:6} {' '.join(one.glued[:5])} {one.path}")  # noqa: T201


if __name__ == "__main__":
    main()
