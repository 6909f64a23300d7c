"""PDF: tables, columns, what runs along, and what is put together of a page's glyphs."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from index.article import Draft
from index.errors import EmptyArticle
from index.ingest.loading import Limits, Loaded
from index.ingest.loading.file import File
from index.ingest.loading.hyphens import LineJoiner
from index.ingest.loading.pdf import PdfLoader
from tests.index.ingest.loading.files import Placed, lines, pdf

MARKET = [
    "The market on the square has been held on every Saturday since",
    "the town was given its charter, and growers from all villages",
    "around it bring what they have.",
]
OTHERS = [
    ["Pears are sold by the crate, and those who come early have", "the choice of them all."],
    ["Plums ripen late in the hills, so that nobody asks for them", "before the bells ring."],
    ["Nuts keep for a year if they are dry, say all those who know", "how they are stored."],
    ["Honey comes from the heath, where the hives are set out in", "the first warm week."],
]


def load(*pages: list[Placed]) -> Loaded:
    return PdfLoader().load(File(pdf(*pages), "a.pdf"), Limits())


def paragraphs(*pages: list[Placed]) -> list[str]:
    (draft,) = load(*pages).drafts
    return texts(draft)


def texts(draft: Draft) -> list[str]:
    return [paragraph.span.of(draft.text) for paragraph in draft.paragraphs]


def test_cells_keep_their_columns_and_are_no_headings() -> None:
    table = [
        *(
            Placed(text, x, 620, bold=True)
            for text, x in (("Day", 50), ("Pears", 200), ("Plums", 300))
        ),
        Placed("Monday", 50, 606),
        Placed("30", 300, 606),
        Placed("Friday", 50, 592),
        Placed("7", 200, 592),
    ]
    assert paragraphs([*lines(MARKET), *table]) == [
        " ".join(MARKET),
        "Day | Pears | Plums",
        "Monday |  | 30",
        "Friday | 7 |",
    ]


def test_columns_that_are_drawn_row_by_row_are_read_one_after_the_other() -> None:
    left, right = [*MARKET, *OTHERS[0]], [*OTHERS[1], *OTHERS[2]]
    drawn = [
        Placed(text, x, 700 - 12 * number)
        for number, row in enumerate(zip(left, right, strict=False))
        for text, x in zip(row, (50, 360), strict=True)
    ]
    words = " ".join(paragraphs([*drawn, Placed(left[4], 50, 652)])).split()
    assert words == " ".join([*left, *right]).split()


def test_lines_at_the_edges_that_differ_in_their_numbers_are_kept() -> None:
    pages = [
        [Placed(f"Week {n}", y=740), *lines(text), Placed(f"Sold in all: {n * 310} crates", y=100)]
        for n, text in enumerate(OTHERS, start=1)
    ]
    found = " ".join(paragraphs(*pages))
    for n in range(1, 5):
        assert f"Week {n}" in found
        assert f"Sold in all: {n * 310} crates" in found


@pytest.mark.parametrize(
    "numbers",
    [
        ("1", "2", "3", "4", "5", "6"),
        ("iv", "v", "vi", "vii", "viii", "ix"),
        tuple(f"Page {n} of 12" for n in range(7, 13)),
    ],
)
def test_page_numbers_go_and_alternating_heads_count_once(numbers: tuple[str, ...]) -> None:
    heads = ("The orchard", "A year of fruit") * 3
    pages = [
        [Placed(head, y=780), *lines(text), Placed(number, y=30)]
        for head, text, number in zip(heads, (*OTHERS, MARKET, OTHERS[0]), numbers, strict=True)
    ]
    loaded = load(*pages)
    text = loaded.drafts[0].text
    assert text.count("The orchard") == text.count("A year of fruit") == 1
    assert not any(f"\n{number}\n" in f"{text}\n" for number in numbers)
    assert [one.count for one in loaded.left_out if "running" in one.what] == [10]


def test_a_drop_cap_is_a_part_of_its_word_and_no_heading() -> None:
    cap = Placed("T", 50, 690, size=30)
    rest = [
        Placed("he market on the square is held on every", 70, 704),
        Placed("Saturday.", 70, 692),
    ]
    (draft,) = load([cap, *rest]).drafts
    assert draft.text == "The market on the square is held on every Saturday."


def test_text_that_is_drawn_twice_to_look_bold_counts_once() -> None:
    twice = [Placed("A bookkeeper", 50, 700), Placed("A bookkeeper", 50.3, 700)]
    assert paragraphs([*twice, *lines(MARKET, y=660)])[0] == "A bookkeeper"


def test_what_is_raised_does_not_join_the_number_before_it() -> None:
    content = (
        b"BT /F1 10 Tf 50 700 Td (They sold 2,400) Tj /F1 6 Tf 4 Ts (7) Tj "
        b"/F1 10 Tf 0 Ts ( pears.) Tj ET"
    )
    (draft,) = PdfLoader().load(File(pdf([Placed("")], contents=content), "a.pdf"), Limits()).drafts
    assert draft.text == "They sold 2,400[7] pears."


def test_pages_without_text_are_told_of() -> None:
    loaded = load(lines(MARKET), [], [], lines(MARKET), [])
    assert [str(one) for one in loaded.left_out] == ["pages without text: 3 (pages 2-3, 5)"]


def test_pages_that_only_say_what_scanned_them_are_no_text() -> None:
    with pytest.raises(EmptyArticle, match="holds no text but 'Made by Scanly'"):
        load(*[[Placed("Made by Scanly")]] * 3)


def test_a_footnote_does_not_part_the_sentence_that_runs_over_the_page() -> None:
    note = [Placed("1 So the charter says.", 50, 60, size=7)]
    found = paragraphs([*lines(MARKET[:2]), *note], lines(MARKET[2:]))
    assert found == [" ".join(MARKET), "1 So the charter says."]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_what_opens_without_a_password_is_read(algorithm: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(lines(MARKET)))))
    writer.encrypt("", "owner", algorithm=algorithm)
    stream = io.BytesIO()
    writer.write(stream)
    (draft,) = PdfLoader().load(File(stream.getvalue(), "a.pdf"), Limits()).drafts
    assert texts(draft) == [" ".join(MARKET)]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("a long-", "term lease", "a long-term lease"),
        ("the gov-", "ernment pays", "the government pays"),
        ("the Zwick-", "auer line", "the Zwickauer line"),
        ("from Ulm-", "Süd on", "from Ulm-Süd on"),
        ("市场在", "广场上", "市场在广场上"),
        ("soft\u00ad", "ness", "softness"),
    ],
)
def test_a_hyphen_at_a_line_s_end_stays_when_it_is_the_word_s_own(
    above: str, below: str, joined: str
) -> None:
    assert LineJoiner([above, below]).joined(above, below) == joined
