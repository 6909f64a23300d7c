import pytest

from index.errors import ModelError
from qa.bootstrap import build_reader
from qa.reading.sentence import SentenceReader
from qa.settings import read_settings


def test_the_sentence_reader_is_built_by_its_name() -> None:
    assert isinstance(build_reader(read_settings(reader="sentence")), SentenceReader)


def test_a_reader_of_another_name_is_looked_for_among_hugging_face_models() -> None:
    with pytest.raises(ModelError, match=r"no reader 'no/such'.*: set PULLQUOTE_READER to 'span'"):
        build_reader(read_settings(reader="no/such"))
