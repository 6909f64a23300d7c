import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reading.words import words


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Clara Voss, baker.", "Clara|Voss|,|baker|."),
        ("in the U.S. at 10:30 a.m.", "in|the|U.S.|at|10:30|a.m."),
        ("Denver's (5%)", "Denver|'s|(|5%|)"),
        ("$1,000.50 at -5", "$1,000.50|at|-5"),
        ("don't ask O’Brien", "don't|ask|O’Brien"),
        ("AT&T, a@b.com, C++", "AT&T|,|a@b.com|,|C++"),
        ("1990-95 twenty-one", "1990|-|95|twenty|-|one"),
        ("done.Then", "done|.|Then"),
        ("café au lait", "café|au|lait"),
        ("cafe\u0301 au lait", "cafe\u0301|au|lait"),
        ("हिन्दी में", "हिन्दी|में"),
        ("日本語", "日|本|語"),
        ("👩\u200d👧👍🏽❤️ yes", "👩\u200d👧|👍🏽|❤️|yes"),
        ("one\r\ntwo", "one|two"),
        (" \n", ""),
    ],
)
def test_a_word_is_what_a_quote_never_cuts(text: str, expected: str) -> None:
    assert "|".join(cut(text)) == expected


@given(st.text(max_size=60))
def test_words_hold_all_but_white_space_in_order(text: str) -> None:
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
    places = words(text)
    assert (places[1:, 0] >= places[:-1, 1]).all()
