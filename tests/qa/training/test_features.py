from random import Random

import numpy as np
import pytest
from tokenizers import Tokenizer

from qa.training.encoding import Encoded, encode, plain_tokenizer
from qa.training.examples import Example
from qa.training.features import (
    answer_pieces,
    feature,
    gathered,
    masked,
    mixed,
    nearest_sentence,
    positive,
    taught,
    trimmed,
    window,
    without_answers,
)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 # not for secrets


TEXT = (
    "The bakery on Mill Street opens at six. Its owner, Clara Voss, sells rye bread and plum cake."
    " The oven is heated with birch wood."
)
SENTENCES = (0, 9, 22, 30)


@pytest.fixture
def encoded(tokenizer: Tokenizer) -> Encoded:
    return encode(plain_tokenizer(tokenizer), [TEXT])[TEXT]


def test_a_row_is_question_passage_and_separator() -> None:
    question = np.asarray([2, 8, 3], dtype=np.int32)
    row = feature(question, np.asarray([5, 6, 7], dtype=np.int32), [(1, 2)])
    assert row.ids.tolist() == [2, 8, 3, 5, 6, 7, 3]
    assert (row.passage, row.spans) == (3, ((4, 5),))


def test_answers_outside_the_window_are_dropped() -> None:
    question = np.asarray([2, 8, 3], dtype=np.int32)
    row = feature(question, np.asarray([5, 6], dtype=np.int32), [(-1, 0), (1, 2), (0, 1)])
    assert row.spans == ((3, 4),)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plum cake.", "plum cake"),
        ("plum cake, ", "plum cake"),
        ("the U.S.", "the U.S."),
        ("Berg Inc.", "Berg Inc."),
        (" six", "six"),
        (",", ","),
    ],
)
def test_no_one_quotes_a_trailing_comma(text: str, kept: str) -> None:
    start, end = trimmed(text, 0, len(text))
    assert text[start:end] == kept


def test_every_window_keeps_the_anchor_and_whole_sentences(encoded: Encoded) -> None:
    assert encoded.sentences == SENTENCES
    seen = {window(encoded, (12, 13), 25, seeded(seed)) for seed in range(20)}
    assert seen == {range(22), range(9, 30)}


def test_a_sentence_over_the_budget_is_cut_around_the_anchor(encoded: Encoded) -> None:
    for seed in range(20):
        cut = window(encoded, (12, 13), 6, seeded(seed))
        assert len(cut) == 6
        assert {12, 13} <= set(cut)


def test_a_window_moves_its_answer(encoded: Encoded) -> None:
    start = TEXT.index("Clara Voss")
    spans = answer_pieces(encoded, TEXT, ((start, start + 11),))
    row, cut = positive(np.asarray([2, 3], dtype=np.int32), encoded, spans, 25, seeded(1))
    ((first, last),) = row.spans
    pieces = encoded.ids[cut.start : cut.stop][first - 2 : last - 1]
    assert pieces.tolist() == encoded.ids[12:14].tolist()


def test_a_passage_without_its_answer_has_no_sentence_that_holds_it(encoded: Encoded) -> None:
    text = TEXT + " It is six days old, and twenty men know of it: " + "men, " * 14
    example = Example("1", "When?", text, ((TEXT.index("six"), TEXT.index("six") + 3),), "a")
    assert without_answers(encoded, example) is None


def test_the_rest_of_a_passage_is_a_negative(tokenizer: Tokenizer) -> None:
    text = " ".join([TEXT, TEXT.replace("Mill", "Grey"), "Clara Voss owns it."])
    start = text.index("owns")
    long = encode(plain_tokenizer(tokenizer), [text])[text]
    rest = without_answers(long, Example("1", "?", text, ((start, start + 4),), "a"))
    assert rest is not None
    assert rest.tolist() == long.ids[:60].tolist()


def test_the_nearest_sentence_shares_most_words(encoded: Encoded, tokenizer: Tokenizer) -> None:
    question = encode(plain_tokenizer(tokenizer), ["What is the oven heated with?"])
    (asked,) = question.values()
    assert nearest_sentence(encoded, asked.ids) == (22, 29)


def test_a_mixed_passage_holds_the_answer_and_part_of_another(tokenizer: Tokenizer) -> None:
    other = "Boats wait in the harbour. Clara walks there. Nobody sells bread at night."
    texts = encode(plain_tokenizer(tokenizer), [TEXT, other])
    spans = answer_pieces(texts[TEXT], TEXT, ((TEXT.index("rye"), TEXT.index(".", 60)),))
    question = np.asarray([2, 8, 3], dtype=np.int32)
    places = set()
    for seed in range(20):
        made = mixed(question, texts[TEXT], spans, texts[other], 40, seeded(seed))
        assert made is not None
        row, cut = made
        answers = [row.ids[a : b + 1].tolist() for a, b in row.spans]
        own = texts[TEXT].ids[cut.start : cut.stop].tolist()
        passage = row.ids[row.passage : -1].tolist()
        assert answers == [texts[TEXT].ids[a : b + 1].tolist() for a, b in spans]
        assert len(own) < len(passage) <= 40
        assert own in (passage[: len(own)], passage[-len(own) :])
        places.add(passage[: len(own)] == own)
    assert places == {True, False}


def test_an_answer_longer_than_the_room_is_not_mixed(encoded: Encoded) -> None:
    question = np.asarray([2, 8, 3], dtype=np.int32)
    whole = [(0, len(encoded.ids) - 1)]
    assert mixed(question, encoded, whole, encoded, len(encoded.ids), seeded(1)) is None


def test_gathered_texts_stand_whole_around_the_answered_one() -> None:
    question, passage = np.asarray([2, 8, 3], dtype=np.int32), np.arange(20, 30, dtype=np.int32)
    others = [np.full(n, 100 + n, dtype=np.int32) for n in (4, 6, 30)]
    places = set()
    for seed in range(30):
        row = gathered(feature(question, passage, [(2, 5)]), others, 20, seeded(seed))
        ids = row.ids[row.passage : -1].tolist()
        assert sorted(ids) == [*range(20, 30), *[104] * 4, *[106] * 6]
        assert [row.ids[a : b + 1].tolist() for a, b in row.spans] == [[22, 23, 24, 25]]
        assert row.ids[: row.passage].tolist() == question.tolist()
        start = ids.index(20)
        assert ids[start : start + 10] == passage.tolist()
        places.add(start)
    assert places == {0, 4, 6, 10}


def test_a_text_without_room_or_company_stands_alone() -> None:
    question, passage = np.asarray([2, 8, 3], dtype=np.int32), np.arange(20, 30, dtype=np.int32)
    row = feature(question, passage, [], joint=True)
    other = np.arange(5, dtype=np.int32)
    for company, budget in (([], 100), ([other], 12)):
        made = gathered(row, company, budget, seeded(1))
        assert (made.ids.tolist(), made.spans, made.joint) == (row.ids.tolist(), (), True)


def test_masks_leave_answers_and_unanswerable_questions_alone() -> None:
    question, passage = np.arange(10, 15, dtype=np.int32), np.arange(20, 40, dtype=np.int32)
    answered = masked(feature(question, passage, [(4, 9)]), 1.0, 1, seeded(1))
    assert answered.ids.tolist() == [10, 1, 1, 1, 14, *[1] * 4, *range(24, 30), *[1] * 10, 14]
    unanswered = masked(feature(question, passage, []), 1.0, 1, seeded(1))
    assert unanswered.ids.tolist() == [*range(10, 15), *[1] * 20, 14]


def test_a_share_of_the_pieces_is_masked() -> None:
    row = feature(np.arange(10, 15, dtype=np.int32), np.arange(1000, 2000, dtype=np.int32), [])
    hidden = (masked(row, 0.1, 1, seeded(1)).ids == 1).sum()
    assert 60 < hidden < 140


def test_a_teachers_words_are_pieces_of_the_row(encoded: Encoded) -> None:
    question = np.asarray([2, 8, 3], dtype=np.int32)
    cut = range(9, 22)
    row = feature(question, encoded.ids[cut.start : cut.stop], [])
    clara, voss_ends, mill = TEXT.index("Clara"), TEXT.index(", sells"), TEXT.index("Mill")
    starts, ends = {-1: 0.2, clara: 0.4, mill: 0.4}, {-1: 0.5, voss_ends: 0.5}
    first, last = taught(row, encoded, cut, starts, ends).taught or ({}, {})
    ((_, clara_piece), (_, voss_piece)) = [(p, p) for p in sorted({*first, *last} - {0})]
    assert first == pytest.approx({0: 0.2 / 0.6, clara_piece: 0.4 / 0.6})  # Mill is not in the row
    assert last == pytest.approx({0: 0.5, voss_piece: 0.5})
    pieces = [row.ids[place] for place in (clara_piece, voss_piece)]
    own = encoded.ids[cut.start : cut.stop].tolist()
    assert [own.index(piece) + row.passage for piece in pieces] == [clara_piece, voss_piece]


def test_a_teacher_who_looks_elsewhere_says_nothing(encoded: Encoded) -> None:
    row = feature(np.asarray([2, 8, 3], dtype=np.int32), encoded.ids[22:30], [])
    mill = TEXT.index("Mill")
    assert taught(row, encoded, range(22, 30), {-1: 0.1, mill: 0.9}, {-1: 0.1, mill: 0.9}) is row
