"""PDF: pages of placed text, put back into paragraphs."""

import io
from typing import TYPE_CHECKING, Any

from index.errors import EmptyArticle, UnreadableFile
from index.ingest.loading.blocks import Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.pages import Line, LineCollector, paragraphs_of
from index.ingest.segmenting import has_words

if TYPE_CHECKING:
    from pypdf import PdfReader

MAGIC = b"%PDF-"
MAGIC_WITHIN = 1024
"""Some programs put other bytes before a PDF; readers look as far as this."""

_NO_TITLES = ("untitled", "microsoft word - ", "powerpoint presentation", "slide 1")
_FILE_SUFFIXES = (".doc", ".docx", ".indd", ".pdf", ".htm", ".html", ".dvi", ".tex", ".rtf", ".odt")


class PdfLoader:
    """Loads the text of all pages in the order in which the file draws it.

    Lines become paragraphs again, words hyphenated at a line's end are joined, lines that come
    back on most pages' edges are taken once. Each paragraph has the page on which it begins.
    """

    suffixes = (".pdf",)
    media_types = ("application/pdf", "application/x-pdf")
    isolated = True

    def signs(self, data: bytes) -> bool:
        return data.startswith(MAGIC)

    def recognises(self, data: bytes) -> bool:
        return MAGIC in data[:MAGIC_WITHIN]

    def load(self, file: File, limits: Limits) -> Loaded:
        if not self.recognises(file.data):
            raise UnreadableFile(
                f"{file.name!r} is no PDF: give it the name of its format", field="file"
            )
        with refusing(file.name, "PDF"):
            lines, about = _read(file, limits)
            if not any(has_words(line.text) for line in lines):
                raise EmptyArticle(
                    f"{file.name!r} holds no text: if it is scanned, have its text recognised "
                    "(OCR) first",
                    field="file",
                )
            return Loaded.one(draft_of_blocks(paragraphs_of(lines), about, file.name, limits))


def _read(file: File, limits: Limits) -> tuple[list[Line], Particulars]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(file.data), strict=False)
    if reader.is_encrypted and not _opens(reader):
        raise UnreadableFile(
            f"{file.name!r} is encrypted: save it without encryption", field="file"
        )
    limits.check("max_pages", len(reader.pages), file.name, "pages")
    collector = LineCollector()
    characters = 0
    for number, page in enumerate(reader.pages, start=1):
        before = len(collector.lines)
        collector.page(number)
        page.extract_text(visitor_text=collector.add)
        collector.end_line()
        characters += sum(len(line.text) for line in collector.lines[before:])
        limits.check("max_article_characters", characters, file.name, "characters or more")
    return collector.lines, _particulars(reader.metadata)


def _opens(reader: "PdfReader") -> bool:
    """Whether it opens without a password, by a method that is known here (AES is not)."""
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt(""))
    except DependencyError:
        return False


def _particulars(metadata: Any) -> Particulars:
    """Title and author; a file's own date is that of its making, not of the article."""
    if metadata is None:
        return Particulars()
    title = " ".join(str(metadata.title or "").split())
    fit = has_words(title) and not title.lower().endswith(_FILE_SUFFIXES)
    named = fit and not title.lower().startswith(_NO_TITLES)
    return Particulars(title=title if named else "", author=str(metadata.author or ""))
