"""Plain text into paragraphs, headings and sentences."""

from itertools import chain, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Heading, Paragraph, Span
from index.ingest.segmenting import (
    LONGEST_PARAGRAPH,
    SENTENCE_WINDOW,
    has_words,
    split_plain,
    split_sentences,
    trim,
)

ROOT = Path(__file__).parents[3]
SEED = ROOT / "seeds" / "000_6a5157c59b34f5d3.txt"
WRAPPED = ROOT / "tests" / "data" / "articles" / "harbour.txt"

BODY = "The talks began in January and went on for three weeks in the old town hall. " * 2
# What a text is made of where splitting can go wrong.
PIECES = st.sampled_from(
    [
        *(
            "a",
            "B",
            "é",
            "e\u0301",
            "😀",
            "👩‍🚀",
            "語。",
            "ﷺ",
            "İ",
            "\ud800",
            "1",
            "1. ",
            "- ",
            "***",
        ),
        *(". ", "! ", "? ", "…", "“", "”", '"', "(", ")", "Mr. ", "U.S. ", ": ", "word ", "Word "),
        *("\n", "\r\n", "\r", "\n\n", "\u2028", "\u2029", "\f", "\v", "\x85", "\x1c", "\t", " "),
        *("\u00a0", "\u200b", "\ufeff", "https://a.example/" + "x" * 130, "long line " * 13),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join))


def paragraphs(text: str) -> list[str]:
    return [paragraph.span.of(text) for paragraph in split_plain(text)[0]]


def headings(text: str) -> list[str]:
    return [heading.span.of(text) for heading in split_plain(text)[1]]


def sentences(text: str) -> list[str]:
    return [sentence.of(text) for sentence in split_sentences(text, Span(0, len(text)))]


def spans_of(found: tuple[Paragraph, ...], above: tuple[Heading, ...]) -> list[Span]:
    return sorted([*(p.span for p in found), *(h.span for h in above)])


def assert_tiles(text: str, whole: Span, spans: list[Span]) -> None:
    """The spans lie in the whole, in order, apart, trimmed, and leave out only white space."""
    assert all(whole.contains(span) for span in spans)
    assert all(above.end <= below.start for above, below in pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    kept = "".join(span.of(text) for span in spans)
    assert "".join(kept.split()) == "".join(whole.of(text).split())


@given(TEXTS)
@settings(deadline=None)
def test_paragraphs_and_headings_tile_any_text(text: str) -> None:
    found, above = split_plain(text)
    spans = spans_of(found, above)
    if spans:
        assert_tiles(text, Span(0, len(text)), spans)
    else:
        assert text.strip() == ""


@given(TEXTS)
@settings(deadline=None)
def test_sentences_tile_the_paragraphs_of_any_text(text: str) -> None:
    for paragraph in split_plain(text)[0]:
        assert_tiles(text, paragraph.span, list(paragraph.sentences))


@given(TEXTS)
@settings(deadline=None)
def test_paragraphs_count_from_one_and_stand_under_the_last_heading_above_them(text: str) -> None:
    found, above = split_plain(text)
    assert [paragraph.number for paragraph in found] == list(range(1, len(found) + 1))
    for paragraph in found:
        before = [heading for heading in above if heading.span < paragraph.span]
        assert paragraph.heading == (before[-1] if before else None)


@given(TEXTS)
@settings(deadline=None)
def test_a_heading_has_words_and_a_paragraph_under_it(text: str) -> None:
    found, above = split_plain(text)
    for heading in above:
        assert has_words(heading.span.of(text))
        assert any(paragraph.span > heading.span for paragraph in found)


def test_the_seed_has_eight_paragraphs_and_three_headings() -> None:
    text = SEED.read_text(encoding="utf-8")
    found, above = split_plain(text)
    assert len(found) == 8
    assert [heading.span.of(text) for heading in above] == [
        "Diplomatic Push Amid Escalating Violence",
        "Russia's Hammer Blow to Energy Security",
        "The Road Ahead for Negotiations",
    ]
    assert [above.index(p.heading) if p.heading else None for p in found] == [
        *(None, 0, 0, 1, 1, 2, 2, 2)
    ]


def test_the_talks_began_in_the_second_sentence_of_the_seed() -> None:
    text = SEED.read_text(encoding="utf-8")
    first = split_plain(text)[0][0]
    assert first.sentences == (Span(0, 238), Span(239, 378))
    assert text[265:281] == "January 17, 2026"


def test_hard_wrapped_text_is_read_as_its_author_meant_it() -> None:
    text = WRAPPED.read_text(encoding="utf-8")
    assert headings(text) == ["Harbour bridge closes for repairs", "What it costs"]
    assert [(p.split()[0], p.split()[-1], p.count("\n")) for p in paragraphs(text)] == [
        ("The", "instead.", 3),
        ("The", "Lund.", 1),
        ("Traffic", "bridge:", 0),
        ("-", "morning", 0),
        ("-", "*", 3),  # the rule under it belongs to it
        ("Reported", "Courier", 0),
    ]


@pytest.mark.parametrize("blank", ["\n\n", "\r\n\r\n", "\r\r", "\n \t\n", "\f", "\u2029", "\n\f\n"])
def test_blank_lines_of_every_kind_part_paragraphs(blank: str) -> None:
    assert paragraphs(f"One is short.{blank}Two is short.") == ["One is short.", "Two is short."]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\v", "\x85"])
def test_without_blank_lines_every_line_is_a_paragraph(end: str) -> None:
    text = end.join([BODY.strip(), "It is short.", BODY.strip()])
    assert paragraphs(text) == [BODY.strip(), "It is short.", BODY.strip()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_a_sentence_that_runs_over_lines_stays_in_one_paragraph(end: str) -> None:
    text = end.join(["The council met on Tuesday and decided", "to close the bridge."])
    assert paragraphs(text) == [text]


def test_an_even_right_edge_shows_wrapping_where_every_line_begins_with_a_capital() -> None:
    text = (
        "The prize went to the author of the novel called\n"
        "Northern Crossing, and the second one to Ida Lund\n"
        "Of Ostvik."
    )
    assert paragraphs(text) == [text]


def test_wrapped_text_without_blank_lines_is_parted_after_short_last_lines() -> None:
    first = "The council of the town met on Tuesday and decided after\nhours to close it."
    second = "Buses will run over the other bridge until the work at\nthe piers is done."
    assert paragraphs(f"{first}\n{second}") == [first, second]


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY}It is two atoms of O\n2. {BODY}",
        f"Breathing pure O\n2 in space is possible. {BODY}",
        f"{BODY}It is (SiO\n2, as found in granite), Al\n2O\n3 and ozone (O\n3). {BODY}",
    ],
)
def test_a_subscript_on_a_line_of_its_own_does_not_break_a_paragraph(text: str) -> None:
    assert paragraphs(text) == [text.strip()]


@pytest.mark.parametrize("start", ["12,000", "2.5", "2nd", "2019", "12"])
def test_a_number_below_a_heading_is_no_subscript(start: str) -> None:
    assert headings(f"What it costs\n{start} people. {BODY}") == ["What it costs"]
    if start != "12":
        assert headings(f"Visits to the US\n{start} people. {BODY}") == ["Visits to the US"]


@pytest.mark.parametrize("rest", ["it was over.", "(as they say) over.", ", and over.", ") over."])
def test_a_long_line_whose_sentence_goes_on_is_one_with_the_next(rest: str) -> None:
    text = f"{BODY}And then\n{rest}\n{BODY}"
    assert paragraphs(text) == [f"{BODY}And then\n{rest}", BODY.strip()]


def test_lettered_items_are_no_sentence_that_goes_on() -> None:
    assert len(paragraphs(f"{BODY}As said:\n(a) one\n(b) two.")) == 3


def test_a_long_web_address_does_not_unwrap_a_paragraph() -> None:
    text = (
        "The Report of the council can be read by everyone at\n"
        f"https://council.example/{'a' * 150}\n"
        "until the work is done."
    )
    assert paragraphs(text + "\n\nThe end.")[0] == text


def test_lines_over_120_characters_stand_alone_even_between_blank_lines() -> None:
    text = f"Before the talks.\n\nA heading\n{BODY}\n{BODY}"
    assert paragraphs(text) == ["Before the talks.", BODY.strip(), BODY.strip()]
    assert headings(text) == ["A heading"]


def test_a_short_line_above_a_wrapped_paragraph_is_its_heading() -> None:
    body = "The council of the town met on Tuesday and decided after\nhours to close it."
    assert headings(f"What happened\n{body}\n\n{body}") == ["What happened"]


def test_the_first_line_of_a_wrapped_paragraph_is_no_heading() -> None:
    body = "The council of the town met on Tuesday in the hall of\nOstvik, it said."
    assert paragraphs(f"{body}\n\n{body}") == [body, body]


@pytest.mark.parametrize("end", [".", "!", "?", "…", ":", ";", ",", ".”", '."', ".)", "。"])
def test_a_short_line_that_ends_in_punctuation_is_no_heading(end: str) -> None:
    assert headings(f"It is over{end}\n{BODY}") == []


@pytest.mark.parametrize(
    "line", ["What it costs", "Costs (in euros)", "The “Courier”", "2025", "Über 標題"]
)
def test_a_short_line_without_punctuation_above_text_is_a_heading(line: str) -> None:
    assert headings(f"{line}\n{BODY}") == [line]


def test_a_line_over_100_characters_is_no_heading() -> None:
    assert headings(f"{'x' * 100}\n{BODY}") == ["x" * 100]
    assert headings(f"{'x' * 101}\n{BODY}") == []


def test_a_last_short_line_is_a_paragraph() -> None:
    assert paragraphs(f"{BODY}\nReported by the Courier") == [
        BODY.strip(),
        "Reported by the Courier",
    ]


def test_a_title_and_a_section_in_a_row_are_both_headings() -> None:
    assert headings(f"The bridge\n\nWhat it costs\n\n{BODY}") == ["The bridge", "What it costs"]


def test_a_listing_keeps_its_lines_as_paragraphs_between_title_and_last_heading() -> None:
    text = f"Ostvik\nFounded in 1204\nTwelve thousand people\nHistory\n{BODY}"
    assert headings(text) == ["Ostvik", "History"]
    assert paragraphs(text) == ["Founded in 1204", "Twelve thousand people", BODY.strip()]


def test_list_items_are_paragraphs_under_the_line_above_them() -> None:
    text = f"{BODY}\n\nBring along\n- a coat\n- a hat\n  and gloves\n* a map\n\n{BODY}"
    assert paragraphs(text)[1:-1] == ["- a coat", "- a hat\n  and gloves", "* a map"]
    assert headings(text) == ["Bring along"]


def test_numbered_items_in_wrapped_text_are_parted_but_numbers_in_sentences_are_not() -> None:
    wrapped = "The council of Ostvik met in the house in Main Street number\n12. It was full."
    text = f"{wrapped}\n\n1. Close the bridge before\n   the winter.\n2. Repair it."
    assert paragraphs(text) == [
        wrapped,
        "1. Close the bridge before\n   the winter.",
        "2. Repair it.",
    ]


def test_numbered_lines_in_a_row_are_a_list_and_a_single_one_is_a_heading() -> None:
    text = f"Steps\n\n1. Mix\n\n2. Bake\n\n{BODY}\n\n3. Serving\n\n{BODY}"
    assert paragraphs(text) == ["1. Mix", "2. Bake", BODY.strip(), BODY.strip()]
    assert headings(text) == ["Steps", "3. Serving"]


def test_an_underline_belongs_to_the_heading_above_it() -> None:
    assert headings(f"The bridge\n==========\n{BODY}") == ["The bridge\n=========="]


def test_a_rule_belongs_to_the_paragraph_above_it_or_at_the_top_to_the_one_below() -> None:
    text = f"***\n\n{BODY}\n\n* * *\n\nIt is over."
    assert paragraphs(text) == [f"***\n\n{BODY}\n\n* * *", "It is over."]


def test_a_text_of_signs_alone_is_one_paragraph() -> None:
    assert paragraphs("...\n\n😀\n\n***") == ["...\n\n😀\n\n***"]


def test_white_space_holds_no_paragraph() -> None:
    assert split_plain(" \n\t\u2028\f ") == ((), ())


def test_offsets_are_code_points_after_signs_beyond_the_basic_plane() -> None:
    text = "😀😀 Héllo 👩‍🚀 world. It e\u0301nds."
    assert sentences(text) == ["😀😀 Héllo 👩‍🚀 world.", "It e\u0301nds."]


def test_abbreviations_and_line_ends_do_not_end_sentences() -> None:
    text = "Mr. Smith of the U.S.\r\nSenate paid 3.5 million.  He left."
    assert sentences(text) == ["Mr. Smith of the U.S.\r\nSenate paid 3.5 million.", "He left."]


def test_the_language_decides_what_an_abbreviation_is() -> None:
    text = "Das war am 3. Mai. Dann kam er."
    spans = split_sentences(text, Span(0, len(text)), language="de")
    assert [span.of(text) for span in spans] == ["Das war am 3. Mai.", "Dann kam er."]


def test_sentences_are_placed_in_the_whole_text() -> None:
    text = "Title\n  One. Two."
    assert split_sentences(text, Span(6, 17)) == (Span(8, 12), Span(13, 17))


def test_a_lone_surrogate_does_not_stop_the_splitting() -> None:
    assert sentences("Fire \ud800 burns. Water runs.") == ["Fire \ud800 burns.", "Water runs."]


@pytest.mark.parametrize("space", ["\u00a0", "\u3000", "\u2028", "\x85"])
def test_wide_white_space_that_makes_sentencex_panic_is_taken_as_a_space(space: str) -> None:
    assert sentences(f"It was B{space}. Then it rained.")[-1] == "Then it rained."


def test_a_panic_in_sentencex_leaves_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(language: str, text: str) -> list[dict[str, int]]:
        raise PanicException(f"{language}: {text}")

    monkeypatch.setattr("sentencex.get_sentence_boundaries", panic)
    assert sentences("It is one. It is two.") == ["It is one. It is two."]


def test_an_interruption_in_sentencex_is_no_panic(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(language: str, text: str) -> list[dict[str, int]]:
        raise KeyboardInterrupt

    monkeypatch.setattr("sentencex.get_sentence_boundaries", interrupt)
    with pytest.raises(KeyboardInterrupt):
        sentences("It is one. It is two.")


def test_sentences_are_the_same_over_the_edge_of_a_window() -> None:
    one = "This is the sentence that comes again. "
    assert set(sentences(one * (3 * SENTENCE_WINDOW // len(one)))) == {one.strip()}


def test_an_endless_sentence_is_cut_at_white_space() -> None:
    found = sentences("word " * SENTENCE_WINDOW)
    assert {len(sentence) for sentence in found} == {SENTENCE_WINDOW - 1}
    assert set(" ".join(found).split()) == {"word"}


@pytest.mark.parametrize(
    "text",
    ["x" * 5_000_000, "word " * 1_000_000, "\n" * 1_000_000 + "a", "“a. " * 50_000, "a\n" * 50_000],
    ids=["a word", "a line", "line ends", "open quotes", "short lines"],
)
def test_hostile_text_is_split_in_seconds(text: str) -> None:
    # Quadratic time would take hours, or minutes for the shorter ones.
    found, above = split_plain(text)
    kept = (span.of(text).split() for span in spans_of(found, above))
    assert sum(map(len, chain.from_iterable(kept))) == sum(map(len, text.split()))


def test_trimming_nothing_but_white_space_leaves_nothing() -> None:
    assert trim("a \n b", 1, 4) is None


LONG_PARAGRAPHS = {
    "sentences": "The talks, which began on January 17, went on for days. " * 2000,
    "one sentence": "and then they said that it was so, " * 3000,
    "no space": "abcdefghij" * 10_000,
    "no space, several sentences": "Ab.Cd." * 15_000,
    "wide": "日本語の文章です。" * 10_000,
    "spaces": ("word" + " " * 5000) * 20,
    "marks": "e\u0301" * 30_000,
}


@pytest.mark.parametrize("kind", LONG_PARAGRAPHS)
def test_an_overlong_paragraph_is_parted_and_nothing_is_lost(kind: str) -> None:
    text = f"A short paragraph first.\n\n{LONG_PARAGRAPHS[kind].strip()}\n\nAnd one last."
    paragraphs, _ = split_plain(text)

    assert [paragraph.number for paragraph in paragraphs] == list(range(1, len(paragraphs) + 1))
    assert max(one.span.end - one.span.start for one in paragraphs) <= LONGEST_PARAGRAPH
    assert len(paragraphs) <= 3 + 2 * len(text) // LONGEST_PARAGRAPH
    for paragraph in paragraphs:
        first, *_, last = paragraph.sentences[0], paragraph.sentences[-1]
        assert (first.start, last.end) == (paragraph.span.start, paragraph.span.end)
    kept = "".join(s.of(text) for one in paragraphs for s in one.sentences)
    assert "".join(kept.split()) == "".join(text.split())


def test_an_overlong_paragraph_is_parted_between_sentences() -> None:
    sentence = "The talks, which began on January 17, went on for days."
    text = f"Talks\n\n{' '.join([sentence] * 200)}"
    paragraphs, _ = split_plain(text)

    assert len(paragraphs) == 3
    assert all(part.heading == paragraphs[0].heading for part in paragraphs)
    assert {own.of(text) for part in paragraphs for own in part.sentences} == {sentence}


def test_a_paragraph_within_the_limit_stays_whole() -> None:
    text = ("word " * (LONGEST_PARAGRAPH // 5)).strip()
    (paragraph,), _ = split_plain(text)

    assert paragraph.span == Span(0, len(text))


def test_splitting_ends_when_the_pause_says_so() -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        split_plain("One.\n\nTwo.", pause=stop)
