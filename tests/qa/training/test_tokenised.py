from pathlib import Path

from qa.training.examples import Example, read_examples
from qa.training.tokenised import detokenise, detokenised

SENTENCES = Path(__file__).parents[2] / "data" / "training" / "sentences.json"


def test_tokenised_text_reads_as_written() -> None:
    text, _, _ = detokenise("`` He did n't pay $ 5 ( or 3 % ) , '' she said .")
    assert text == '"He didn\'t pay $5 (or 3%)," she said.'


def test_straight_quotes_open_and_close() -> None:
    text, _, _ = detokenise('the " old " mill')
    assert text == 'the "old" mill'


def test_every_token_is_found_again_at_its_new_place() -> None:
    source = "The farmer 's tractor -LRB- an old one -RRB- stopped ."
    text, old, new = detokenise(source)
    pairs = [(source[a:b], text[c:d]) for (a, b), (c, d) in zip(old, new, strict=True)]
    assert ("'s", "'s") in pairs
    assert ("-LRB-", "(") in pairs
    assert all(before == after for before, after in pairs if before.isalpha())


def test_answers_move_with_their_words() -> None:
    moved = [detokenised(example) for example in read_examples(SENTENCES)]
    assert [example.answers()[0] for example in moved] == [
        "The farmer's red tractor",
        "she",
        "an old one",
        "the captain of the ferry",
        "wait",
    ]


def test_an_answer_inside_a_token_widens_to_it() -> None:
    example = Example("1", "Who ?", "two well-known men .", ((4, 8),), "a")
    assert detokenised(example).answers() == ("well-known",)
