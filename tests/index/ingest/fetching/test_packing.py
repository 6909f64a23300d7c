import gzip
import zlib

import pytest

from index.ingest.fetching.packing import Gzip, unpacking


def test_a_plain_body_stays_as_it_is() -> None:
    for encoding in ("", "identity"):
        plain = unpacking(encoding)
        assert plain
        assert plain.unpack(b"abc", 10) == b"abc"
        assert plain.is_whole()


def test_gzip_is_unpacked_piece_by_piece() -> None:
    packed, text = unpacking("X-Gzip"), b"the ferry leaves at noon " * 50
    assert packed
    pieces = gzip.compress(text)
    assert packed.unpack(pieces[:20], 10_000) + packed.unpack(pieces[20:], 10_000) == text
    assert packed.is_whole()


def test_no_more_is_unpacked_than_is_asked_for() -> None:
    assert Gzip().unpack(gzip.compress(b"x" * 1_000_000), 100) == b"x" * 100


def test_an_end_that_is_missing_is_seen_and_more_than_an_end_is_an_error() -> None:
    packed = Gzip()
    packed.unpack(gzip.compress(b"abc")[:-1], 100)
    assert not packed.is_whole()
    with pytest.raises(zlib.error, match="goes on after its end"):
        Gzip().unpack(gzip.compress(b"abc") + b"x", 100)


def test_other_encodings_are_not_known() -> None:
    assert unpacking("br") is None
    assert unpacking("gzip, br") is None
