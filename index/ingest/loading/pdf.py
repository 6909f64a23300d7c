"""PDF: pages of placed text, put back into paragraphs."""

from index.errors import EmptyArticle, UnreadableFile
from index.ingest.loading.blocks import Particulars, draft_of_blocks
from index.ingest.loading.damage import refusing
from index.ingest.loading.file import File
from index.ingest.loading.glyphs import PageText, text_of_page
from index.ingest.loading.left_out import LeftOut
from index.ingest.loading.limits import Limits
from index.ingest.loading.loaded import Loaded
from index.ingest.loading.pages import paragraphs_of
from index.ingest.loading.running_lines import without_running
from index.ingest.segmenting import has_words

MAGIC = b"%PDF-"
MAGIC_WITHIN = 1024
"""Some programs put other bytes before a PDF; readers look as far as this."""

LONGEST_STAMP = 60
"""A text that is all that some pages say, and not longer, is that of a scanning program."""
MOSTLY_PICTURE = 0.5

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
            pages, about = _read(file, limits)
            _refuse_pictures(file, pages)
            pieces, running = without_running([one for page in pages for one in page.pieces])
            draft = draft_of_blocks(paragraphs_of(pieces), about, file.name, limits)
        return Loaded.one(draft, _left_out(pages, running))


def _read(file: File, limits: Limits) -> tuple[list[PageText], Particulars]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file.data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile(
                f"{file.name!r} is encrypted: save it without encryption", field="file"
            ) from error
        raise
    try:
        limits.check("max_pages", len(document), file.name, "pages")
        pages: list[PageText] = []
        characters = 0
        for number in range(len(document)):
            page = document[number]
            found = text_of_page(page, number + 1, 2 * limits.max_article_characters + 1000)
            page.close()
            pages.append(found)
            characters += sum(len(piece.text) for piece in found.pieces)
            limits.check("max_article_characters", characters, file.name, "characters or more")
        return pages, _particulars(document.get_metadata_dict())
    finally:
        document.close()


def _refuse_pictures(file: File, pages: list[PageText]) -> None:
    """Raises ``EmptyArticle`` for pages without words but those of the program that took them."""
    texts = [" ".join(piece.text for piece in page.pieces) for page in pages]
    worded = [text for text in texts if has_words(text)]
    stamped = len(worded) > 1 and len(set(worded)) == 1 and len(worded[0]) < LONGEST_STAMP
    pictures = all(page.pictured >= MOSTLY_PICTURE for page in pages) and pages
    stamped = stamped or bool(pictures and len(" ".join(worded)) < LONGEST_STAMP)
    if not worded or stamped:
        but = f" but {worded[0]!r}" if worded else ""
        raise EmptyArticle(
            f"{file.name!r} holds no text{but}: if it is scanned, have its text recognised "
            "(OCR) first",
            field="file",
        )


def _left_out(pages: list[PageText], running: int) -> tuple[LeftOut, ...]:
    bare = [
        number
        for number, page in enumerate(pages, start=1)
        if not any(has_words(piece.text) for piece in page.pieces)
    ]
    pictures = [
        number
        for number, page in enumerate(pages, start=1)
        if number not in bare and page.pictured >= MOSTLY_PICTURE
    ]
    found = [
        LeftOut("pages without text", len(bare), _numbered(bare)),
        LeftOut("pages that are mostly a picture", len(pictures), _numbered(pictures)),
        LeftOut("running heads, footers and page numbers left out", running),
        LeftOut("characters across the page left out", sum(page.slanted for page in pages)),
        LeftOut("characters that could not be read, marked", sum(p.unknown for p in pages)),
    ]
    return tuple(one for one in found if one.count)


def _numbered(numbers: list[int]) -> str:
    """``pages 2, 4-6``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"{'page' if len(numbers) == 1 else 'pages'} {shown}"


def _particulars(metadata: dict[str, str]) -> Particulars:
    """Title and author; a file's own date is that of its making, not of the article."""
    title = " ".join(metadata.get("Title", "").split())
    fit = has_words(title) and not title.lower().endswith(_FILE_SUFFIXES)
    named = fit and not title.lower().startswith(_NO_TITLES)
    return Particulars(title=title if named else "", author=metadata.get("Author", ""))
