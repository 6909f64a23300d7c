import numpy as np
import pytest
from tokenizers import Tokenizer, models

from index.errors import ModelError
from qa.reading.windows import (
    Frame,
    Window,
    bert_frame,
    own_frame,
    tokenised,
    windows,
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
