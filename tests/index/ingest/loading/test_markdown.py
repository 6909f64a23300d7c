"""Markdown: its blocks as spans of the raw source, and its front matter."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Draft
from index.errors import EmptyArticle
from index.ingest.loading import Limits
from index.ingest.loading.file import File
from index.ingest.loading.markdown import MarkdownLoader

ARTICLE = Path(__file__).parents[3] / "data" / "articles" / "harbour.md"

PIECES = st.sampled_from(
    [
        *("word ", "Word. ", "é", "😀", "*", "**", "`", "[a]", "[a]: b", "(c)", "|", "<b>", "<!--"),
        *(
            "-->",
            "# ",
            "## ",
            "#",
            "> ",
            "- ",
            "1. ",
            "    ",
            "\t",
            "```",
            "~~~",
            "---",
            "===",
            "|-|",
        ),
        *(
            "\n",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "\u2028",
            "\f",
            "title: x",
            "\\",
            "&amp;",
            " ",
            "\u00a0",
        ),
    ]
)


def markdown(text: str) -> Draft:
    return of_file(text.encode())


def of_file(data: bytes) -> Draft:
    (draft,) = MarkdownLoader().load(File(data, "a.md"), Limits()).drafts
    return draft


def paragraphs(text: str) -> list[str]:
    draft = markdown(text)
    return [paragraph.span.of(draft.text) for paragraph in draft.paragraphs]


def headings(text: str) -> list[tuple[int, str]]:
    draft = markdown(text)
    return [(heading.level, heading.span.of(draft.text)) for heading in draft.headings]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_block_of_an_article_is_found_in_its_raw_source(end: str) -> None:
    text = ARTICLE.read_text(encoding="utf-8").replace("\n", end)
    assert markdown(text).text == text
    assert headings(text) == [(1, "The *harbour* bridge"), (2, "What it costs"), (2, "Traffic")]
    assert paragraphs(text) == [
        f"The bridge closes on **3 March 2025**. Divers{end}found cracks in two piers.",
        f"The repairs cost{end}> 4.2 million euros.",
        "buses take the Northern Crossing",
        "trams stop",
        "at the quay",
        "Hour    | Cars",
        "morning | 12,000",
        "evening | 6,000",
        f"pier 2: cracked{end}{end}pier 5: cracked",
    ]


def test_front_matter_gives_title_date_and_address() -> None:
    draft = of_file(ARTICLE.read_bytes())
    assert draft.title == "Harbour bridge closes"
    assert draft.published == "2025-02-11"
    assert draft.source == "https://courier.example/bridge"


def test_paragraphs_stand_under_the_last_heading_above_them() -> None:
    draft = of_file(ARTICLE.read_bytes())
    under = [draft.headings.index(p.heading) for p in draft.paragraphs if p.heading]
    assert under == [0, 1, 1, 1, 1, 2, 2, 2, 2]


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(deadline=None, max_examples=300)
def test_blocks_lie_in_any_source_in_order_without_overlap(text: str) -> None:
    try:
        draft = markdown(text)
    except EmptyArticle:
        return
    assert draft.text == text
    parts = [*(p.span for p in draft.paragraphs), *(h.span for h in draft.headings)]
    assert all(above.end <= below.start for above, below in pairwise(sorted(parts)))
    for paragraph in draft.paragraphs:
        assert paragraph.span.of(text) == paragraph.span.of(text).strip()
        kept = "".join(sentence.of(text) for sentence in paragraph.sentences)
        assert "".join(kept.split()) == "".join(paragraph.span.of(text).split())


@given(st.lists(st.sampled_from(["> ", "- ", "1. ", "  "]), max_size=90).map("".join))
@settings(deadline=None)
def test_words_are_found_however_deep_they_are_nested(markers: str) -> None:
    (paragraph,) = paragraphs(f"{markers}words here\n")
    assert paragraph.endswith("words here")


def test_lines_nested_too_deep_to_parse_are_taken_as_they_stand() -> None:
    deep = ">" * 100
    assert paragraphs(f"{deep} One\n{deep} two.\n\nThree.\n\n{deep} Four.") == [
        f"One\n{deep} two.",
        "Three.",
        "Four.",
    ]


@pytest.mark.parametrize("blank", ["\x0c", "\u00a0", "\u2028"])
def test_blank_lines_that_markdown_takes_for_text_are_left_out(blank: str) -> None:
    assert paragraphs(f"One.\n\n{blank}\nTwo\nlines.\n\n{blank}\n") == ["One.", "Two\nlines."]
    assert paragraphs(f"One.\n\n{blank}\n\t- \nTwo.") == ["One.", "Two."]


@given(st.lists(st.sampled_from(["word", "Other.", "12"]), min_size=1, max_size=30), st.data())
@settings(deadline=None)
def test_no_word_of_a_text_with_blocks_is_lost(words: list[str], data: st.DataObject) -> None:
    between = st.sampled_from(
        [
            " ",
            "\n",
            "\n\n",
            "\n\n> ",
            "\n- ",
            "\n\n    ",
            "\n\n# ",
            "\n```\n",
            "\n\n\x0b\n",
            "\n\u00a0\n",
        ]
    )
    text = "".join(word + data.draw(between) for word in words)
    try:
        draft = markdown("Start.\n\n" + text)
    except EmptyArticle:
        return
    kept = [*(p.span for p in draft.paragraphs), *(h.span for h in draft.headings)]
    found = " ".join(span.of(draft.text) for span in sorted(kept))
    assert [word for word in found.split() if word in words] == words


@pytest.mark.parametrize(
    ("source", "level", "heading"),
    [
        ("# One", 1, "One"),
        ("###### Six ######", 6, "Six"),
        ("  ## C# and more ##", 2, "C# and more"),
        ("#\tTab", 1, "Tab"),
        ("Set\n===", 1, "Set"),
        ("Over\ntwo lines\n---", 2, "Over\ntwo lines"),
        ("> - ## Nested", 2, "Nested"),
    ],
)
def test_a_heading_is_its_text_without_marks(source: str, level: int, heading: str) -> None:
    assert headings(f"Text.\n\n{source}\n\nText.") == [(level, heading)]


def test_a_heading_without_text_is_none() -> None:
    assert headings("#\n\nText.") == []


@pytest.mark.parametrize(
    "source",
    [
        "<!-- a comment -->",
        "<!-- over\n\nlines -->",
        "<!-- without an end",
        "<div class='x'>\n</div>",
        "<script>\nlet a;\n\nlet b;\n</script>",
        "[a]: https://a.example 'title'",
        "> [a]: https://a.example",
        "[a]: https://a.example\n[a]: https://b.example",
        "***",
        "-",
        "1.",
        "```\n```",
        "| | |\n|-|-|\n| | |",
    ],
)
def test_what_is_not_shown_is_no_paragraph(source: str) -> None:
    assert paragraphs(f"Text.\n\n{source}") == ["Text."]


def test_text_in_html_is_a_paragraph_without_the_outer_tags() -> None:
    assert paragraphs("<!-- a --> One.\n\n<div>\nTwo <b>and</b> three.\n</div>") == [
        "One.",
        "Two <b>and</b> three.",
    ]


def test_code_is_a_paragraph_without_its_fences_or_indent() -> None:
    source = "> ```py\n> a = 1\n>\n> b = 2\n> ```\n\n    c = 3\n\n~~~\n\nd = 4"
    assert paragraphs(source) == ["a = 1\n>\n> b = 2", "c = 3", "d = 4"]


def test_a_table_without_outer_bars_has_a_paragraph_a_row() -> None:
    assert paragraphs("a | b\n--|--\n1 | 2 \n") == ["a | b", "1 | 2"]


def test_the_first_heading_of_level_one_is_the_title_without_its_marks() -> None:
    text = "## Under\n\n# *The* `old` [bridge](https://a.example) & ![its](b.png) pier\n\nText."
    assert markdown(text).title == "The old bridge & its pier"


def test_without_one_the_heading_above_the_text_is_the_title() -> None:
    assert markdown("## The\n\nText.").title == "The"


def test_without_headings_the_opening_words_are_the_title() -> None:
    assert markdown("The **bridge**\ncloses.\n\n## Costs\n\nText.").title == "The bridge closes."


def test_a_picture_without_words_still_gives_a_title() -> None:
    assert markdown("![](bridge.png)").title == "![](bridge.png)"


def test_headings_alone_are_no_article() -> None:
    with pytest.raises(
        EmptyArticle,
        match=r"^'a\.md' holds no text but headings: give a file with paragraphs$",
    ):
        markdown("# One\n\n## Two\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_is_no_paragraph(end: str) -> None:
    text = end.join(["---", "title: 'A: b'", "", "list:", "- x", "# note", "...", "Text."])
    assert (markdown(text).title, paragraphs(text)) == ("A: b", ["Text."])


@pytest.mark.parametrize("body", ["Some text.", "Who: she said.\nNo field", "", "- a"])
def test_rules_around_text_are_no_front_matter(body: str) -> None:
    text = f"---\n{body}\n\n---\n\nText."
    assert "Text." in paragraphs(text)
    assert " ".join(body.split()).removeprefix("- ") == " ".join(
        " ".join(paragraphs(text)[:-1]).split()
    )


def test_an_open_rule_is_no_front_matter() -> None:
    assert paragraphs("---\ntitle: x\n") == ["title: x"]


@pytest.mark.parametrize("value", ["Reuters", "", "/blog/bridge", "ftp://a.example"])
def test_a_source_that_is_no_web_address_identifies_no_article(value: str) -> None:
    assert markdown(f"---\nsource: {value}\n---\nText.").source is None


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("2025-02-11", "2025-02-11"),
        ("2025-02-11 08:30 +0100", "2025-02-11"),
        ("11 Feb 2025", "2025-02-11"),
        ("11/02/2025", None),
    ],
)
def test_only_dates_that_can_be_read_in_one_way_are_taken(
    value: str, published: str | None
) -> None:
    assert markdown(f"---\npublished: {value}\n---\nText.").published == published
