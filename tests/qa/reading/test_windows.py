import numpy as np
import pytest
from tokenizers import Tokenizer, models

from index.errors import ModelError
from qa.reading.windows import (
    PASSAGE_TOKENS,
    Floats,
    Frame,
    Window,
    bert_frame,
    own_frame,
    tokenised,
    windows,
    within_budget,
)
from tests.qa.reading.conftest import tokenizer

FRAME = Frame((2,), (3,), (3,))


def read(length: int, question: int = 4, max_length: int = 384) -> list[Window]:
    text = tokenised(tokenizer(), "filler " * length)
    return windows(FRAME.question([7] * question, max_length), [text], FRAME, max_length)


def test_a_short_passage_is_one_window() -> None:
    (window,) = read(100)
    assert (window.begin, window.end, len(window.row)) == (0, 100, 107)


@pytest.mark.parametrize("question", [1, 64, 1000])
@pytest.mark.parametrize("max_length", [16, 64, 384])
def test_windows_overlap_and_hold_the_whole_passage(question: int, max_length: int) -> None:
    cuts = [(window.begin, window.end) for window in read(1500, question, max_length)]
    assert cuts[0][0] == 0
    assert cuts[-1][1] == 1500
    assert all(begin < end for (begin, _), (_, end) in zip(cuts[1:], cuts, strict=False))
    assert all(len(window.row) <= max_length for window in read(1500, question, max_length))


def test_windows_of_usual_questions_share_128_tokens() -> None:
    first, second, *_ = read(1500)
    assert first.end - second.begin == 128


def test_a_long_question_keeps_its_end() -> None:
    framed = FRAME.question(list(range(1000)), 384)
    assert framed.tolist() == [2, *range(872, 1000), 3]


def test_an_empty_passage_has_no_window() -> None:
    assert read(0) == []


def test_a_window_is_a_row_of_its_own() -> None:
    (window,) = read(2)
    ids, mask, types = window.inputs()
    assert ids.tolist() == [window.row.tolist()]
    assert mask.tolist() == [[1] * len(window.row)]
    assert types.tolist() == [[0] * 6 + [1] * 3]


def test_a_token_belongs_to_the_word_it_stands_in() -> None:
    text = tokenised(tokenizer(), "Voss, 1,000")
    assert text.starts.tolist() == text.ends.tolist() == [0, 0, 1, 2, 2, 2]
    assert (text.first.tolist(), text.last.tolist()) == ([0, 2, 3], [1, 2, 5])


def test_the_tokenizers_own_frame_is_berts() -> None:
    built = tokenizer()
    assert own_frame(built) == bert_frame(built)


def test_a_tokenizer_without_berts_tokens_is_refused() -> None:
    bare = Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))  # noqa: S106 # a token
    with pytest.raises(ModelError, match=r"no \[CLS\] or no \[SEP\] token: export"):
        bert_frame(bare)


def test_tokens_of_an_emoji_lie_in_its_word() -> None:
    text = tokenised(tokenizer(), "who 👩\u200d👧 sells")
    assert np.array_equal(text.words, [[0, 3], [4, 7], [8, 13]])
    assert text.starts[-1] == 2


def scored(lengths: list[int], best: dict[int, int]) -> tuple[list[Window], list[Floats]]:
    """Passages of so many tokens, and scores that are highest at one token of some."""
    texts = [tokenised(tokenizer(), "filler " * length) for length in lengths]
    scores = [np.zeros(length, np.float32) for length in lengths]
    for number, token in best.items():
        scores[number][token] = 1
    return windows(FRAME.question([7] * 4, 320), texts, FRAME, 320), scores


def test_short_passages_are_all_read() -> None:
    found, scores = scored([100, 300, 500, 310, 50], {})
    assert within_budget(found, scores) == found


def test_however_long_the_passages_are_a_question_reads_so_many_tokens_and_no_more() -> None:
    found, scores = scored([20_000] * 5, {})
    kept = within_budget(found, scores)

    assert sum(len(window.row) for window in kept) <= 5 * PASSAGE_TOKENS
    assert {window.number for window in kept} == {0, 1, 2, 3, 4}


def test_the_windows_with_the_best_sentences_are_read() -> None:
    best = {0: 19_000, 1: 0, 2: 7_777}
    found, scores = scored([20_000] * 3, best)
    kept = within_budget(found, scores)

    for number, token in best.items():
        assert any(w.number == number and w.begin <= token < w.end for w in kept)


def test_every_passage_is_read_even_if_its_window_is_longer_than_its_share() -> None:
    question = FRAME.question([7] * 4, 2000)
    texts = [tokenised(tokenizer(), "filler " * 5000) for _ in range(2)]
    found = windows(question, texts, FRAME, 2000)
    kept = within_budget(found, [np.zeros(5000, np.float32)] * 2)

    assert [window.number for window in kept] == [0, 1]
