"""HTML: what a page shows within a block is in the article, and what it does not show is not."""

import json

import pytest

from index.article import Draft
from index.ingest.loading import Limits, Loaded
from index.ingest.loading.file import File
from index.ingest.loading.html import HtmlLoader, blocks_of_html
from tests.index.ingest.loading.files import page

OPENING = (
    "The market on the square of Veld has been held on every Saturday since the town was given "
    "its charter, and growers from all the villages around bring what they have."
)
CLOSING = (
    "The mayor thanked the growers for the year, and said that the square would be paved before "
    "the next season begins, if the county agrees to pay for a half of it."
)


def load(body: str, head: str = "<title>Veld</title>") -> Loaded:
    data = page(
        f"<article><h1>The market</h1><p>{OPENING}</p>{body}<p>{CLOSING}</p></article>", head
    )
    return HtmlLoader().load(File(data, "a.html"), Limits())


def shown(body: str) -> list[str]:
    """The paragraphs between the opening and the closing one."""
    (draft,) = load(body).drafts
    texts = [paragraph.span.of(draft.text) for paragraph in draft.paragraphs]
    assert texts[0] == OPENING
    assert texts[-1] == CLOSING
    return texts[1:-1]


def left_out(body: str) -> dict[str, int]:
    return {one.what: one.count for one in load(body).left_out}


@pytest.mark.parametrize(
    "tag",
    "time label output button meter progress data abbr cite mark small kbd samp var dfn bdi ins "
    "strong em i b u span font custom-price".split(),
)
def test_words_in_mid_sentence_stay_whatever_their_tag(tag: str) -> None:
    assert shown(f"<p>A stall costs <{tag}>40 crowns</{tag}> a day.</p>") == [
        "A stall costs 40 crowns a day."
    ]


@pytest.mark.parametrize(
    "name",
    "share social author byline meta caption timestamp date related menu tags comments ad promo "
    "sponsor newsletter sidebar footer nav breadcrumb widget print teaser".split(),
)
def test_words_in_mid_sentence_stay_whatever_their_class_and_id(name: str) -> None:
    body = (
        f"<p>A stall costs <span class='{name}'>40 crowns</span> in May and "
        f"<span id='{name}-price'>50 crowns</span> in June.</p>"
    )
    assert shown(body) == ["A stall costs 40 crowns in May and 50 crowns in June."]


def test_a_quotation_in_a_sentence_does_not_part_it() -> None:
    assert shown("<p>He called it <q>a good year</q> and left.</p>") == [
        "He called it “a good year” and left."
    ]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("sold 2,400<sup>7</sup> pears", "sold 2,400[7] pears"),
        ("in 1873<sup><a href='#n'>2</a></sup> it", "in 1873[2] it"),
        ("took 36<a href='#fn4'><sup>4</sup></a> hours", "took 36[4] hours"),
        ("took 36<sup role='doc-noteref'>a</sup> hours", "took 36[a] hours"),
        ("the growers<sup>12</sup> say", "the growers[12] say"),
        ("cost 70<sup>*</sup> crowns", "cost 70[*] crowns"),
        ("all of it.<sup class='reference'><a href='#r'>[3]</a></sup>", "all of it.[3]"),
        ("is 90 m<sup>2</sup>, 10<sup>4</sup> or 10<sup>−3</sup> x", "is 90 m², 10⁴ or 10⁻³ x"),
        ("on the 22<sup>nd</sup> and 3<sup>rd</sup>", "on the 22nd and 3rd"),
        ("the XIX<sup>e</sup> of M<sup>me</sup> Roux", "the XIXe of Mme Roux"),
        ("H<sub>2</sub>SO<sub>4</sub> and Ca(OH)<sub>2</sub>", "H2SO4 and Ca(OH)2"),
        ("log<sub>2</sub>8 is v<sub>max</sub>", "log₂8 is v_max"),
        ("x<sup>a+b</sup> of e<sup>-kt</sup>", "x^(a+b) of e^(-kt)"),
        ("21<sup>o</sup>C by Veldo<sup>TM</sup>", "21°C by Veldo™"),
    ],
)
def test_what_is_raised_or_lowered_never_joins_a_number(markup: str, text: str) -> None:
    assert shown(f"<p>It {markup}, they said at noon.</p>") == [f"It {text}, they said at noon."]


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mn>7.5</mn>", "7.5"),
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>", "a/(b + 1)"),
        ("<msup><mi>x</mi><mn>3</mn></msup><mo>=</mo><msqrt><mi>y</mi></msqrt>", "x³ = √(y)"),
        ("<msub><mi>v</mi><mi>n</mi></msub><mo>&#x2062;</mo><mi>t</mi>", "v_nt"),
        ("<semantics><mn>4</mn><annotation>four</annotation></semantics>", "4"),
    ],
)
def test_a_formula_is_text_and_told_of(formula: str, text: str) -> None:
    body = f"<p>A stall is <math>{formula}</math> metres long.</p>"
    assert shown(body) == [f"A stall is {text} metres long."]
    assert left_out(body)["formulas as text"] == 1


@pytest.mark.parametrize(
    "hidden",
    [
        "<span hidden>90 </span>",
        "<span style='color:red; display : none'>90 </span>",
        "<span style='visibility:hidden'>90 </span>",
        "<span class='visually-hidden'>90 </span>",
        "<span class='sr-only'>90 </span>",
        "<template>90 </template>",
        "<script>90</script>",
        "<dialog>90 </dialog>",
        "<i class='icon' aria-hidden='true'>90 </i>",
        "<del>90 </del>",
        "<s>90 </s>",
        "<strike>90 </strike>",
        "<span style='text-decoration: line-through'>90 </span>",
    ],
)
def test_what_is_not_shown_or_struck_is_no_text(hidden: str) -> None:
    assert shown(f"<p>A stall costs {hidden}40 crowns.</p>") == ["A stall costs 40 crowns."]


def test_what_a_page_s_own_style_sheet_hides_is_no_text() -> None:
    head = (
        "<title>Veld</title><style>/* .b{display:none} */ .a, p.c { display: none }"
        "@media print { .b { display: none } }</style>"
    )
    loaded = load("<p class='b'>It is <b class='a'>not</b> open.</p><p class='c'>No.</p>", head)
    texts = [p.span.of(loaded.drafts[0].text) for p in loaded.drafts[0].paragraphs]
    assert texts == [OPENING, "It is open.", CLOSING]


def test_what_was_left_out_is_counted() -> None:
    body = "<p>It costs <del>3</del> <s>4</s> 5.</p><p hidden>Not yet.</p><nav><a>Home</a></nav>"
    assert left_out(body) == {
        "hidden passages left out": 1,
        "passages around the main text left out": 1,
        "struck passages left out": 2,
    }


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "<tr><th>Day<th>Pears<th>Plums</tr><tr><td>Monday<td><td>30</tr><tr><td>Friday<td>7</tr>",
            ["Day | Pears | Plums", "Monday |  | 30", "Friday | 7 |"],
        ),
        ("<tr><th><th>Pears</tr><tr><th>May<td>4</tr>", ["| Pears", "May | 4"]),
        (
            "<tr><th>Day<th>Who</tr><tr><td>Monday<td><ul><li>Ida<li>Ole</ul></tr>"
            "<tr><td>Friday<td><p>Jon<p>Ann</tr>",
            ["Day | Who", "Monday | Ida, Ole", "Friday | Jon Ann"],
        ),
        (
            "<tr><th>A<th>B<th>C</tr><tr><td rowspan=2>x<td colspan=2>shut</tr><tr><td>1<td>2</tr>",
            ["A | B | C", "x | shut |", "| 1 | 2"],
        ),
        ("<tr><td>a | b<td>c</tr><tr><td>d<td>e</tr>", ["a ¦ b | c", "d | e"]),
        (
            "<tfoot><tr><td>Sum<td>9</tr></tfoot><tr><td>Pears<td>4</tr>",
            ["Pears | 4", "Sum | 9"],
        ),
    ],
)
def test_cells_keep_their_columns(table: str, rows: list[str]) -> None:
    assert shown(f"<table>{table}</table>") == rows


def test_a_table_that_lays_out_a_page_is_no_table() -> None:
    cell = f"<h1>The market</h1><p>{OPENING}</p><p>{CLOSING}</p>"
    data = page(f"<table><tr><td><a href='/'>Home</a></td><td>{cell}</td></tr></table>")
    (draft,) = HtmlLoader().load(File(data, "a.html"), Limits()).drafts
    assert draft.text == f"The market\n\n{OPENING}\n\n{CLOSING}"


def test_every_article_of_a_page_keeps_its_heading_and_time() -> None:
    entries = "".join(
        f"<article class='live-entry'><time>{hour}:00</time><h2>At {hour}</h2>"
        f"<p>{OPENING} It was {hour} then.</p></article>"
        for hour in (17, 12, 9)
    )
    (draft,) = (
        HtmlLoader()
        .load(File(page(f"<main><h1>As it happened</h1>{entries}</main>"), "a.html"), Limits())
        .drafts
    )
    assert [heading.span.of(draft.text) for heading in draft.headings] == [
        "As it happened",
        "At 17",
        "At 12",
        "At 9",
    ]
    assert headed(draft, "It was 12 then.") == "At 12"
    assert "17:00" in draft.text


def headed(draft: Draft, words: str) -> str:
    (found,) = [p for p in draft.paragraphs if words in p.span.of(draft.text)]
    return found.heading.span.of(draft.text) if found.heading else ""


def test_a_quotation_keeps_its_speaker() -> None:
    body = "<blockquote><p>We sold all of it.</p><footer>— Ida Lund, grower</footer></blockquote>"
    assert shown(body) == ["We sold all of it.\n— Ida Lund, grower"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>", "東京(とうきょう)"),
        ("one<wbr>word and an&shy;other", "oneword and another"),
        ("a<span style='display:block'>b</span>", "a\n\nb"),
        ("<p><span class='d'>28.09.26</span><span class='t'>12:44</span>", "28.09.26 12:44"),
        ("<p><span>28.09.26</span><span>12:44</span>", "28.09.26 12:44"),
        ("<p><span>19</span><span>11</span>", "1911"),
        ("press <button>Go</button><button>Stop</button> now", "press Go Stop now"),
    ],
)
def test_what_stands_apart_on_the_page_is_not_glued(html: str, text: str) -> None:
    shown_text = "\n\n".join(block.text.replace("\u00ad", "") for block in blocks_of_html(html))
    assert shown_text == text


TIME = "'article:published_time'"
NEWS = {"@type": "NewsArticle", "datePublished": "2026-03-04"}
OTHER = "<time datetime='2018-02-03'>3 Feb</time>"


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        (f"<meta property={TIME} content='2026-03-04T23:30:00-05:00'>", "", "2026-03-04"),
        ("<meta name='date' content='03/04/2026'>", "", None),
        ("<meta name='date' content='23/04/2026'>", "", "2026-04-23"),
        (f"<script type='application/ld+json'>{json.dumps(NEWS)}</script>", "", "2026-03-04"),
        ("", "<time datetime='1873-05-12'>12 May 1873</time> was the first day.", None),
        ("", "<span class='date'>04/03/26</span>", None),
        ("", "<p>Published on 4 March 2026 by Ida Lund</p>", "2026-03-04"),
        ("", f"</p></article><aside>{OTHER}</aside><article><p>", None),
        ("", "</p></article><footer>Last modified: 2015-06-07</footer><article><p>", None),
    ],
)  # fmt: skip
def test_a_date_is_only_what_the_page_says_it_is(head: str, body: str, day: str | None) -> None:
    (draft,) = load(f"<p>{body}</p>", f"<title>Veld</title>{head}").drafts
    assert draft.published == day
