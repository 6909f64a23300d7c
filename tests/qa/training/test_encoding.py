import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from index.errors import InputError
from qa.training.encoding import encode, piece_span, plain_tokenizer, sentence_starts, special

TEXT = "The bakery opens at six. Its owner, Clara Voss, sells rye bread."


def test_a_sentence_encoders_truncation_is_undone(tokenizer: Tokenizer) -> None:
    encoded = encode(plain_tokenizer(tokenizer), [TEXT])[TEXT]
    assert len(encoded.ids) == 16
    assert encoded.sentences == (0, 6, 16)


def test_offsets_and_pieces_agree(tokenizer: Tokenizer) -> None:
    encoded = encode(plain_tokenizer(tokenizer), [TEXT])[TEXT]
    start = TEXT.index("Clara Voss")
    first, last = piece_span(encoded, start, start + 10) or (0, 0)
    assert TEXT[encoded.offsets[first, 0] : encoded.offsets[last, 1]] == "Clara Voss"


def test_a_span_that_cuts_a_word_takes_it_whole(tokenizer: Tokenizer) -> None:
    encoded = encode(plain_tokenizer(tokenizer), [TEXT])[TEXT]
    start = TEXT.index("lara")
    assert piece_span(encoded, start, start + 2) == (9, 9)


def test_white_space_alone_has_no_piece(tokenizer: Tokenizer) -> None:
    encoded = encode(plain_tokenizer(tokenizer), [TEXT])[TEXT]
    assert piece_span(encoded, 3, 4) is None


def test_sentences_do_not_begin_after_initials_and_titles() -> None:
    text = "Dr. Holm met J. Berg. They spoke."
    assert [text[start:] for start in sentence_starts(text)] == [text, "They spoke."]


def test_a_tokenizer_without_berts_tokens_is_refused(tokenizer: Tokenizer) -> None:
    with pytest.raises(InputError, match=r"no \[X\] token: give a BERT or MPNet model"):
        special(tokenizer, "[X]")


def test_a_sentencepiece_word_is_a_word_without_the_white_space_and_marks_around_it() -> None:
    pieces = [("[UNK]", 0.0), *((piece, -1.0) for piece in ["\u2581The", "\u2581mayor", "'", "s"])]
    tokenizer = Tokenizer(models.Unigram([*pieces, ("\u2581car", -1.0), (".", -1.0)], 0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    text = "The mayor's car."
    encoded = encode(tokenizer, [text])[text]
    first, last = piece_span(encoded, text.index("mayor"), text.index("'")) or (0, 0)
    assert (first, last) == (1, 1)
    assert piece_span(encoded, text.index("car"), text.index(".")) == (4, 4)
