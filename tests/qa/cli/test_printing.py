import unicodedata

from qa.cli.printing import DIRECTIONS, printable, printable_name


def test_what_would_steer_a_terminal_is_escaped_in_names() -> None:
    name = "a\x1b[2Jb\x9b31m\u202ec\r"
    assert printable_name(name) == "a\\x1b[2Jb\\x9b31m\\u202ec\\r"


def test_so_are_line_breaks_and_nothing_else() -> None:
    assert printable_name("a\nadded b.txt\u2028é 日") == "a\\nadded b.txt\\u2028é 日"


def test_a_text_keeps_its_lines() -> None:
    assert printable("a\n\tb\x1b é 日") == "a\n\tb\ufffd é 日"


def test_no_control_character_is_left() -> None:
    everything = "".join(map(chr, range(0x3000))) + "\ud800"
    left = {
        character
        for character in printable_name(everything)
        if unicodedata.category(character) in ("Cc", "Cs") or character in DIRECTIONS
    }
    assert left == set()
