"""XLSX, PPTX, EPUB and OpenDocument: what is shown, and what is refused by name."""

import io

import openpyxl
import pptx
import pytest
from pptx.util import Inches

from index.errors import UnreadableFile
from index.ingest.loading import Limits, Loaded
from index.ingest.loading.file import File
from index.ingest.loading.registry import load_here
from index.ingest.loading.xlsx import shown_value
from tests.index.ingest.loading.files import archive


def load(data: bytes, name: str) -> Loaded:
    return load_here(File(data, name), Limits())


def workbook() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Sales"
    for row in (("Day", "Pears", "Share"), ("Monday", None, 0.25), ("Friday", 1234.5, 0.75)):
        sheet.append(row)
    sheet["B3"].number_format = "#,##0.00"
    sheet["C2"].number_format = sheet["C3"].number_format = "0%"
    made.create_sheet("Secret").sheet_state = "hidden"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_a_sheet_is_a_table_under_its_name_and_a_hidden_one_is_told_of() -> None:
    loaded = load(workbook(), "a.xlsx")
    (draft,) = loaded.drafts
    assert draft.text == "Sales\n\nDay | Pears | Share\nMonday |  | 25%\nFriday | 1,234.50 | 75%"
    assert [str(one) for one in loaded.left_out] == ["hidden sheets left out: 1"]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (12, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (1200, '#,##0 "kg"', "1,200 kg"),
        (3.5, "[$€-407]0.00", "€3.50"),
        (True, "General", "TRUE"),
    ],
)
def test_a_number_is_what_its_format_shows(value: float, form: str, text: str) -> None:
    assert shown_value(value, form) == text


def test_a_slide_is_its_title_and_its_texts_and_a_hidden_one_is_told_of() -> None:
    made = pptx.Presentation()
    for title, shown in (("Prices", True), ("Draft", False)):
        slide = made.slides.add_slide(made.slide_layouts[5])
        assert slide.shapes.title is not None
        slide.shapes.title.text = title
        box = slide.shapes.add_textbox(Inches(1), Inches(2), Inches(3), Inches(1))
        box.text_frame.text = "Pears are dear."
        if not shown:
            slide.element.set("show", "0")
    stream = io.BytesIO()
    made.save(stream)
    loaded = load(stream.getvalue(), "a.pptx")
    assert loaded.drafts[0].text == "Prices\n\nPears are dear."
    assert [paragraph.page for paragraph in loaded.drafts[0].paragraphs] == [1]
    assert [str(one) for one in loaded.left_out] == ["hidden slides left out: 1"]


def book(**more: str) -> bytes:
    container = "<container><rootfiles><rootfile full-path='o/c.opf'/></rootfiles></container>"
    package = (
        "<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata><dc:title>Fruit</dc:title>"
        "<dc:creator>Ida Lund</dc:creator><dc:date>2026-03-04</dc:date></metadata><manifest>"
        "<item id='b' href='b%20two.xhtml' media-type='application/xhtml+xml'/>"
        "<item id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest>"
        "<spine><itemref idref='a'/><itemref idref='b'/></spine></package>"
    )
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "o/c.opf": package,
            "o/b two.xhtml": "<html><body><h1>Two</h1><p>Plums are not.</p></body></html>",
            "o/a.xhtml": "<html><body><h1>One</h1><p>Pears are dear.</p></body></html>",
            **more,
        }
    )


def test_a_book_is_one_article_in_the_order_of_its_spine() -> None:
    (draft,) = load(book(), "a.epub").drafts
    assert draft.text == "One\n\nPears are dear.\n\nTwo\n\nPlums are not."
    assert (draft.title, draft.author, draft.published) == ("Fruit", "Ida Lund", "2026-03-04")


def test_a_protected_book_is_refused() -> None:
    method = "<e><EncryptionMethod Algorithm='http://www.w3.org/2001/04/xmlenc#aes128-cbc'/></e>"
    with pytest.raises(UnreadableFile, match="is protected against copying: give it without"):
        load(book(**{"META-INF/encryption.xml": method}), "a.epub")


@pytest.mark.parametrize("name", ["plan.vsdx", "letter.pages", "app.jar"])
def test_another_format_that_is_a_zip_is_refused_by_name_and_not_opened(name: str) -> None:
    with pytest.raises(UnreadableFile, match="a format that is not taken: save it as DOCX or PDF"):
        load(archive({"[Content_Types].xml": "<Types/>", "a.txt": "Words."}), name)


def test_names_in_a_zip_are_utf_8_also_without_its_word() -> None:
    data = archive({"brücke.txt": "Words."}).replace(b"\x00\x08", b"\x00\x00")
    assert load(data, "a.zip").places == ("/brücke.txt",)
