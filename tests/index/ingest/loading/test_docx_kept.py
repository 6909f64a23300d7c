"""DOCX: what a document shows of its text, through styles, numberings and fields."""

import pytest

from index.article import Draft
from index.ingest.loading import Limits, Loaded
from index.ingest.loading.docx import DocxLoader
from index.ingest.loading.file import File
from tests.index.ingest.loading.test_docx import of_xml

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


BEGINS = "<w:r><w:fldChar w:fldCharType='begin'/></w:r>"


def load(*elements: str) -> Loaded:
    return DocxLoader().load(File(of_xml(*elements), "a.docx"), Limits())


def text_of(runs: str) -> str:
    (draft,) = load(f"<w:p {W} {M}>{runs}</w:p>").drafts
    return draft.text


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (run("sold 2,400") + run("7", "<w:vertAlign w:val='superscript'/>"), "sold 2,400[7]"),
        (run("90 m") + run("2", "<w:vertAlign w:val='superscript'/>"), "90 m²"),
        (run("CO") + run("2", "<w:vertAlign w:val='subscript'/>"), "CO2"),
        (run("10") + run("6", "<w:position w:val='8'/>"), "10⁶"),
        (run("It costs ") + run("9 ", "<w:strike/>") + run("4."), "It costs 4."),
        (run("It costs ") + run("9 ", "<w:vanish/>") + run("4."), "It costs 4."),
        (run("It costs ") + run("9 ", "<w:vanish w:val='0'/>") + run("4."), "It costs 9 4."),
        (run("A") + "<w:r><w:sym w:font='Symbol' w:char='F0B3'/></w:r>" + run("B"), "A≥B"),
        (run("A") + "<w:r><w:sym w:font='Odd' w:char='F0FF'/></w:r>" + run("B"), "A\ufffdB"),
        (run("m", "<w:rFonts w:ascii='Symbol'/>") + run("g"), "μg"),
        (run("co") + "<w:r><w:softHyphen/></w:r>" + run("op"), "coop"),
        (run("a") + "<w:r><w:tab/><w:noBreakHyphen/></w:r>" + run("b"), "a\t\u2011b"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "漢(kan)",
        ),
        (
            run("up to ") + "<m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num><m:den><m:r>"
            "<m:t>4</m:t></m:r></m:den></m:f></m:oMath>" + run(" of it"),
            "up to 3/4 of it",
        ),
        (
            run("See ")
            + BEGINS
            + "<w:r><w:instrText>IF </w:instrText></w:r>"
            + BEGINS
            + "<w:r><w:instrText>PAGE</w:instrText></w:r>"
            + "<w:r><w:fldChar w:fldCharType='separate'/></w:r>"
            + run("inner")
            + "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
            + "<w:r><w:fldChar w:fldCharType='separate'/></w:r>"
            + run("page 7")
            + "<w:r><w:fldChar w:fldCharType='end'/></w:r>",
            "See page 7",
        ),
    ],
)
def test_a_run_is_what_it_shows(runs: str, text: str) -> None:
    assert text_of(runs) == text


def test_what_was_left_out_is_counted() -> None:
    runs = run("It is ") + run("not ", "<w:strike/>") + run("very ", "<w:vanish/>") + run("old.")
    assert [str(one) for one in load(f"<w:p {W}>{runs}</w:p>").left_out] == [
        "hidden passages left out: 1",
        "struck passages left out: 1",
    ]


def test_a_paragraph_whose_mark_is_deleted_goes_on_in_the_next() -> None:
    first = f"<w:p {W}><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('It is ')}</w:p>"
    (draft,) = load(first, f"<w:p {W}>{run('old.')}</w:p>").drafts
    assert draft.text == "It is old."


def test_a_drop_cap_is_a_part_of_its_word() -> None:
    cap = f"<w:p {W}><w:pPr><w:framePr w:dropCap='drop'/></w:pPr>{run('T')}</w:p>"
    (draft,) = load(cap, f"<w:p {W}>{run('he market is old.')}</w:p>").drafts
    assert draft.text == "The market is old."


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


def rows_of(*rows: str) -> list[str]:
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    (draft,) = load(f"<w:tbl {W}><w:tblPr/><w:tblGrid/>{table}</w:tbl>").drafts
    return texts(draft)


def texts(draft: Draft) -> list[str]:
    return [paragraph.span.of(draft.text) for paragraph in draft.paragraphs]


def test_cells_keep_their_columns() -> None:
    merged = "<w:gridSpan w:val='2'/>"
    assert rows_of(
        cell("Day") + cell("Pears") + cell("Plums"),
        cell("Monday") + cell("") + cell("30"),
        cell("Friday") + cell("closed", merged),
        cell("Sunday", "<w:vMerge w:val='restart'/>") + cell("1") + cell("2"),
        cell("", "<w:vMerge/>") + cell("3") + cell("4"),
    ) == ["Day | Pears | Plums", "Monday |  | 30", "Friday | closed |", "Sunday | 1 | 2", "| 3 | 4"]


def test_a_style_that_is_based_on_a_heading_is_one_and_numbers_are_shown() -> None:
    import docx
    from docx.enum.style import WD_STYLE_TYPE

    from tests.index.ingest.loading.files import saved

    made = docx.Document()
    own = made.styles.add_style("House heading", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = made.styles["Heading 3"]
    made.add_paragraph("Prices", own)
    made.add_paragraph("Pears are dear.", "List Number")
    made.add_paragraph("Plums are not.", "List Number")
    (draft,) = DocxLoader().load(File(saved(made), "a.docx"), Limits()).drafts
    assert [(heading.level, heading.span.of(draft.text)) for heading in draft.headings] == [
        (3, "Prices")
    ]
    assert texts(draft) == ["1. Pears are dear.", "2. Plums are not."]
