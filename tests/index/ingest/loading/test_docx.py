"""DOCX: what of a document's body is taken, and what is refused."""

import docx
import pytest
from docx.oxml import parse_xml

from index.article import Draft
from index.errors import EmptyArticle, LimitExceeded, UnreadableFile
from index.ingest.loading import Limits
from index.ingest.loading.docx import DEEPEST, DocxLoader
from index.ingest.loading.file import File
from tests.index.ingest.loading.files import WORDS, archive, document, saved

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def loaded(data: bytes, **limits: int) -> Draft:
    (draft,) = DocxLoader().load(File(data, "a.docx"), Limits(**limits)).drafts
    return draft


def paragraphs(data: bytes) -> list[str]:
    draft = loaded(data)
    return [paragraph.span.of(draft.text) for paragraph in draft.paragraphs]


def of_xml(*elements: str) -> bytes:
    """A document whose body begins with the elements."""
    made = docx.Document()
    for number, element in enumerate(elements):
        made.element.body.insert(number, parse_xml(element))
    return saved(made)


def test_headings_paragraphs_and_items_are_told_apart_by_their_styles() -> None:
    draft = loaded(
        document(
            ("The harbour", "Title"),
            ("Ferries", "Heading 1"),
            (WORDS, ""),
            ("Tickets", "Heading 2"),
            ("Adults pay 12 pounds.", "List Bullet"),
        )
    )
    assert draft.text == (f"The harbour\n\nFerries\n\n{WORDS}\n\nTickets\n\nAdults pay 12 pounds.")
    headings = [(heading.level, heading.span.of(draft.text)) for heading in draft.headings]
    assert headings == [(1, "The harbour"), (1, "Ferries"), (2, "Tickets")]
    assert [p.heading for p in draft.paragraphs] == list(draft.headings[1:])
    assert draft.title == "The harbour"


def test_title_author_and_keywords_are_from_the_properties() -> None:
    made = docx.Document()
    made.add_paragraph(WORDS)
    properties = made.core_properties
    properties.title, properties.author, properties.keywords = "Ferries", "Ann Lee", "sea; boats"
    draft = loaded(saved(made))
    assert (draft.title, draft.author, draft.tags) == ("Ferries", "Ann Lee", ("sea", "boats"))
    assert draft.published is None


def test_a_row_of_a_table_is_a_paragraph() -> None:
    made = docx.Document()
    made.add_paragraph("Cars by hour:")
    table = made.add_table(2, 2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells],
        ["Hour", "Cars", "noon", "12"],
        strict=True,
    ):
        cell.text = text
    made.add_paragraph("It is busy.")
    assert paragraphs(saved(made)) == ["Cars by hour:", "Hour | Cars", "noon | 12", "It is busy."]


def test_a_table_in_a_cell_is_taken_once_with_its_cell() -> None:
    made = docx.Document()
    cell = made.add_table(1, 1).cell(0, 0)
    cell.text = "Outer"
    cell.add_table(1, 2).cell(0, 1).text = "inner"
    assert paragraphs(saved(made)) == ["Outer inner"]


def test_inserted_text_counts_and_deleted_text_does_not() -> None:
    xml = (
        f"<w:p {W}><w:r><w:t>It costs </w:t></w:r>"
        "<w:del><w:r><w:delText>10</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>12</w:t></w:r></w:ins><w:r><w:tab/><w:t>pounds.</w:t></w:r></w:p>"
    )
    assert paragraphs(of_xml(xml)) == ["It costs 12\tpounds."]


def test_text_in_controls_and_links_is_taken() -> None:
    xml = (
        f"<w:sdt {W}><w:sdtContent><w:p><w:hyperlink><w:r><w:t>A link.</w:t></w:r></w:hyperlink>"
        "</w:p></w:sdtContent></w:sdt>"
    )
    assert paragraphs(of_xml(xml)) == ["A link."]


def test_a_text_box_is_taken_once_after_its_paragraph() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
    xml = (
        f"<w:p {W} {MC}><w:r><w:t>Before it.</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        "</w:p>"
    )
    assert paragraphs(of_xml(xml)) == ["Before it.", "In a box."]


def test_an_outline_level_makes_a_heading_without_its_style() -> None:
    xml = (
        f'<w:p {W}><w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>Tickets</w:t></w:r></w:p>',
        f"<w:p {W}><w:r><w:t>{WORDS}</w:t></w:r></w:p>",
    )
    (heading,) = loaded(of_xml(*xml)).headings
    assert heading.level == 3


def test_headings_alone_are_no_article() -> None:
    with pytest.raises(
        EmptyArticle, match=r"^'a\.docx' holds no text but headings: give a file with paragraphs$"
    ):
        loaded(document(("Ferries", "Heading 1")))


def test_another_zip_is_no_docx() -> None:
    with pytest.raises(UnreadableFile, match=r"^'a\.docx' is no DOCX: save it as one, or give"):
        loaded(archive({"a.txt": WORDS}))


@pytest.mark.parametrize("data", [b"words", b"PK\x03\x04"])
def test_a_damaged_docx_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^'a\.docx' cannot be read as ZIP"):
        loaded(data)


def test_parts_nested_too_deep_are_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * DEEPEST + "</w:sdtContent></w:sdt>" * DEEPEST
    with pytest.raises(UnreadableFile, match="parts nested more than 50 deep: lay it out flat"):
        loaded(of_xml(f"<w:sdt {W}>{deep}</w:sdt>"))


def test_a_part_that_is_packed_too_well_is_refused_by_limit_and_setting() -> None:
    with pytest.raises(
        LimitExceeded,
        match=r"^'a\.docx' has \d+ times its size when unpacked, more than the 100 taken: "
        "set PULLQUOTE_MAX_UNPACKED_RATIO higher",
    ):
        loaded(document((WORDS * 8000, "")), max_unpacked_ratio=100)


def test_entities_in_a_part_do_not_grow() -> None:
    entities = '<!DOCTYPE w [<!ENTITY a "ferries "><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    body = f"<w:document {W}><w:body><w:p><w:r><w:t>No &b; here.</w:t></w:r></w:p></w:body>"
    data = with_part(
        document((WORDS, "")), "word/document.xml", f"{entities}{body}</w:document>".encode()
    )
    assert loaded(data).text == "No"


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The document with another content in one of its parts."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts: dict[str, bytes | str] = {part: packed.read(part) for part in packed.namelist()}
    return archive(parts | {name: content})
