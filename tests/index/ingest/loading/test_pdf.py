"""PDF: paragraphs from lines, pages, headings, and what is refused."""

from io import BytesIO

import pytest
from pypdf import PdfWriter

from index.article import Draft
from index.errors import EmptyArticle, LimitExceeded, UnreadableFile
from index.ingest.loading import Limits
from index.ingest.loading.file import File
from index.ingest.loading.pdf import PdfLoader
from tests.index.ingest.loading.files import Placed, assembled, lines, pdf

FERRY = [
    "The ferry to the island leaves the harbour at noon on every",
    "day of the week but Sunday. It takes an hour and a half to",
    "cross, and tickets cost 12 pounds.",
]


def loaded(data: bytes, **limits: int) -> Draft:
    (draft,) = PdfLoader().load(File(data, "a.pdf"), Limits(**limits)).drafts
    return draft


def paragraphs(data: bytes) -> list[str]:
    draft = loaded(data)
    return [paragraph.span.of(draft.text) for paragraph in draft.paragraphs]


def test_lines_of_a_paragraph_are_joined() -> None:
    assert paragraphs(pdf(lines(FERRY))) == [" ".join(FERRY)]


def test_a_wider_gap_parts_paragraphs() -> None:
    assert paragraphs(pdf([*lines(FERRY), *lines(FERRY, y=650)])) == [" ".join(FERRY)] * 2


def test_a_line_set_in_begins_a_paragraph() -> None:
    second = [Placed(FERRY[0], 65, 664), *lines(FERRY[1:], y=652)]
    assert paragraphs(pdf([*lines(FERRY), *second])) == [" ".join(FERRY)] * 2


def test_a_sentence_that_ends_early_ends_its_paragraph() -> None:
    assert paragraphs(pdf(lines([*FERRY, *FERRY]))) == [" ".join(FERRY)] * 2


def test_items_of_a_list_are_paragraphs() -> None:
    items = ["\u2022 The ferry leaves at noon and it comes back again at", "night.", "\u2022 Rest"]
    assert paragraphs(pdf(lines(items))) == [f"{items[0]} night.", "\u2022 Rest"]


def test_columns_are_read_one_after_the_other() -> None:
    columns = [*lines(FERRY[:2]), *lines(FERRY[2:], x=350)]
    assert paragraphs(pdf(columns)) == [" ".join(FERRY)]


def test_pieces_on_one_height_are_one_line() -> None:
    assert paragraphs(pdf([Placed("Tickets cost"), Placed("12 pounds.", x=150)])) == [
        "Tickets cost 12 pounds."
    ]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("The munici-", "pality pays.", "The municipality pays."),
        ("It is the Munich-", "Vienna line.", "It is the Munich-Vienna line."),
        ("A well-known one and a well-", "known two.", "A well-known one and a well-known two."),
        ("It takes 3-", "4 days.", "It takes 3- 4 days."),
    ],
)
def test_words_parted_at_a_line_end_are_joined(above: str, below: str, joined: str) -> None:
    assert paragraphs(pdf(lines([above, below]))) == [joined]


def test_ligatures_are_their_letters() -> None:
    content = b"BT /F1 10 Tf 50 700 Td (The o\xdece.) Tj ET"
    encoding = b"<</Type/Encoding/Differences[222/fi]>>"
    data = pdf([Placed("")], contents=content).replace(b"/WinAnsiEncoding", encoding, 1)
    assert loaded(data).text == "The ofice."


def test_a_paragraph_has_the_page_it_begins_on_and_goes_on_on_the_next() -> None:
    draft = loaded(pdf(lines([*FERRY, "Nobody knows who made the old"]), lines(["timetable."])))
    found = [(paragraph.page, paragraph.span.of(draft.text)) for paragraph in draft.paragraphs]
    assert found == [(1, " ".join(FERRY)), (1, "Nobody knows who made the old timetable.")]


def test_a_new_page_after_a_sentence_begins_a_paragraph() -> None:
    draft = loaded(pdf(lines(FERRY), lines(FERRY)))
    assert [paragraph.page for paragraph in draft.paragraphs] == [1, 2]


def test_what_runs_along_the_pages_is_taken_once_and_page_numbers_never() -> None:
    pages = [
        [Placed("Harbour news", y=780), *lines([f"Page {word} ends here."]), Placed(f"{n}", y=20)]
        for n, word in enumerate(["one", "two", "three"], start=1)
    ]
    assert paragraphs(pdf(*pages)) == [
        "Harbour news",
        "Page one ends here.",
        "Page two ends here.",
        "Page three ends here.",
    ]


def test_larger_and_bold_lines_are_headings() -> None:
    data = pdf(
        [
            Placed("The harbour", y=760, size=20),
            Placed("Ferries", y=730, size=14),
            *lines(FERRY),
            Placed("Tickets", y=650, bold=True),
            *lines(FERRY, y=630),
        ]
    )
    draft = loaded(data)
    headings = [(heading.level, heading.span.of(draft.text)) for heading in draft.headings]
    assert headings == [(1, "The harbour"), (2, "Ferries"), (3, "Tickets")]
    assert [p.heading for p in draft.paragraphs] == [draft.headings[1], draft.headings[2]]
    assert draft.title == "The harbour"


def test_title_and_author_are_from_the_file_but_no_date() -> None:
    info = "/Title(Harbour news)/Author(Ann Lee)/CreationDate(D:20250208122313Z)"
    draft = loaded(pdf(lines(FERRY), info=info))
    assert (draft.title, draft.author, draft.published) == ("Harbour news", "Ann Lee", None)


@pytest.mark.parametrize("title", ["report.docx", "Microsoft Word - a", "Untitled", "..."])
def test_a_title_that_a_program_made_up_is_left_out(title: str) -> None:
    assert loaded(pdf(lines(["Noon."]), info=f"/Title({title})")).title == "Noon."


def test_a_pdf_without_text_is_refused_with_the_remedy() -> None:
    with pytest.raises(EmptyArticle, match=r"^'a\.pdf' holds no text: if it is scanned, have"):
        loaded(pdf([]))


def test_too_many_pages_are_refused_by_limit_and_setting() -> None:
    with pytest.raises(
        LimitExceeded,
        match=r"^'a\.pdf' has 2 pages, more than the 1 taken: "
        r"set PULLQUOTE_MAX_PAGES higher to take it$",
    ) as refusal:
        loaded(pdf(lines(FERRY), lines(FERRY)), max_pages=1)
    assert (refusal.value.field, refusal.value.setting) == ("file", "PULLQUOTE_MAX_PAGES")


def test_too_long_a_text_is_refused_by_limit_and_setting() -> None:
    with pytest.raises(LimitExceeded, match="more than the 50 taken: set PULLQUOTE_MAX_ARTICLE_C"):
        loaded(pdf(lines(FERRY)), max_article_characters=50)


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf(lines(FERRY))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_a_pdf_that_needs_a_password_is_refused() -> None:
    with pytest.raises(
        UnreadableFile, match=r"^'a\.pdf' is encrypted: save it without encryption$"
    ):
        loaded(encrypted("secret"))


def test_a_pdf_that_is_encrypted_but_opens_without_a_password_is_taken() -> None:
    assert paragraphs(encrypted("")) == [" ".join(FERRY)]


def test_a_pdf_encrypted_in_an_unknown_way_is_refused() -> None:
    data = pdf(lines(FERRY)).replace(b"/Info 5 0 R", b"/Encrypt<</Filter/Standard/V 9>>")
    with pytest.raises(UnreadableFile, match=r"^'a\.pdf' is encrypted: save it"):
        loaded(data)


@pytest.mark.parametrize("data", [b"words", b"%PDF-1.4", b"%PDF-1.4\ntrailer<</Root 1 0 R>>"])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^'a\.pdf' (is no|cannot be read as) PDF"):
        loaded(data)


def test_a_form_that_draws_itself_is_drawn_once() -> None:
    form = b"<</Type/XObject/Subtype/Form/Resources<</XObject<</X 5 0 R>>/Font<</F1 6 0 R>>>>"
    drawing = b"BT /F1 10 Tf 50 700 Td (Noon.) Tj ET /X Do"
    stream = b"/Length %d>>stream\n%s\nendstream" % (len(drawing), drawing)
    bodies = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
        4: b"<</Length 5>>stream\n/X Do\nendstream",
        5: form + stream,
        6: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    assert loaded(assembled(bodies, b"/Root 1 0 R")).text == "Noon."


def test_tables_of_places_that_go_in_a_circle_end() -> None:
    data = pdf(lines(FERRY))
    table = int(data.rpartition(b"startxref\n")[2].split()[0])
    assert paragraphs(data.replace(b"trailer<<", b"trailer<</Prev %d" % table)) == [" ".join(FERRY)]


def test_pages_that_go_in_a_circle_end() -> None:
    bodies = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>",
    }
    with pytest.raises((UnreadableFile, EmptyArticle)):
        loaded(assembled(bodies, b"/Root 1 0 R"))
