"""The span reader on graphs whose logits are known."""

import math
import subprocess
import sys
from pathlib import Path

import pytest

from index.article import Span
from index.errors import ModelError
from qa.reading.decoding import BREVITY
from qa.reading.reader import Reader
from qa.reading.span import SpanReader
from qa.reading.weights import MODEL, write_manifest
from tests.qa.reading.conftest import MakeReader, passage, quotes, write_table_weights


def test_the_best_span_is_where_start_and_end_are_likeliest(reader_of: MakeReader) -> None:
    reader: Reader = reader_of({"clara": (5, 1), "vos": (2, -9), "##s": (-9, 6)})
    (reading,) = reader.read("who", [passage("The bakery: Clara Voss sells bread.")])
    best = reading.candidates[0]
    assert best.span == Span(12, 22)
    assert best.score == pytest.approx(11 - BREVITY * math.log(2))


def test_the_score_is_the_margin_over_the_null_score(reader_of: MakeReader) -> None:
    reader = reader_of({"[CLS]": (3, 4), "oslo": (5, 6)})
    (reading,) = reader.read("who", [passage("Oslo")])
    assert [found.score for found in reading.candidates] == [pytest.approx(4)]


def test_offsets_count_code_points_of_the_article(reader_of: MakeReader) -> None:
    reader = reader_of({"oslo": (5, 5)})
    found = passage("👩\u200d👧 cafe\u0301\r\nin Oslo.", before="Première 🙂\r\n\r\n")
    (reading,) = reader.read("who", [found])
    assert reading.candidates[0].span.of(found.article.text) == "Oslo"


def test_words_come_whole_whichever_of_their_tokens_is_best(reader_of: MakeReader) -> None:
    reader = reader_of({"##s": (5, -9), "vos": (-9, 5)})
    assert quotes(reader, "Clara Voss sells")[0] == "Voss"


def test_numbers_are_not_cut(reader_of: MakeReader) -> None:
    assert quotes(reader_of({"1": (5, 5)}), "sells 1,000 bread")[0] == "1,000"


def test_a_combining_mark_stays_with_its_word(reader_of: MakeReader) -> None:
    reader = reader_of({"the": (5, -9), "[UNK]": (-9, 5)})
    assert quotes(reader, "The cafe\u0301 opens")[0] == "The cafe\u0301"


def test_a_word_longer_than_any_window_is_no_candidate(reader_of: MakeReader) -> None:
    reader = reader_of({"[UNK]": (1, 1), "1": (5, 5)}, max_length=16)
    assert quotes(reader, "1" + ",1" * 40 + " sells") == ["sells"]


def test_spans_have_at_most_40_tokens(reader_of: MakeReader) -> None:
    reader = reader_of({"oslo": (5, -9), "six": (-9, 5)}, max_length=384)
    assert quotes(reader, "Oslo " + "filler " * 38 + "six")[0].endswith("six")
    assert len(quotes(reader, "Oslo " + "filler " * 39 + "six")[0].split()) < 41


def test_a_fact_at_the_end_of_a_long_passage_is_found(reader_of: MakeReader) -> None:
    reader = reader_of({"oslo": (5, 5)}, max_length=384)
    found = passage("filler " * 600 + "Oslo")
    (reading,) = reader.read("who", [found])
    assert reading.candidates[0].span == Span(4200, 4204)


def test_a_span_in_two_windows_comes_once(reader_of: MakeReader) -> None:
    reader = reader_of({"oslo": (5, 5)}, max_length=64)
    found = quotes(reader, "filler " * 50 + "Oslo" + " filler" * 50)
    assert found.count("Oslo") == 1


def test_equal_scores_come_in_the_order_of_the_text(reader_of: MakeReader) -> None:
    text = "Oslo sells Oslo, the Oslo."
    (reading,) = reader_of({"oslo": (1, 1)}).read("who", [passage(text)])
    spans = [found.span for found in reading.candidates if found.score == 2]
    assert spans == sorted(spans)
    assert spans[0] == Span(0, 4)


def test_overlapping_spans_that_say_the_same_come_once(reader_of: MakeReader) -> None:
    reader = reader_of({"the": (3, 0), "oslo": (4, 4), ".": (-9, 3)})
    assert [quote for quote in quotes(reader, "In the Oslo.") if "Oslo" in quote][:2] == [
        "Oslo",
        "In the Oslo",
    ]


def test_there_are_at_most_ten_candidates(reader_of: MakeReader) -> None:
    text = "Clara sells rye bread in Oslo at six"
    assert len(quotes(reader_of({}), text)) == 10


def test_punctuation_at_the_ends_is_trimmed(reader_of: MakeReader) -> None:
    table = {"oslo": (5, 0), ",": (-9, 5)}
    assert quotes(reader_of(table), "In Oslo, six")[0] == "Oslo"


def test_punctuation_alone_is_no_candidate(reader_of: MakeReader) -> None:
    reader = reader_of({",": (5, 5)})
    assert "," not in quotes(reader, "Oslo, six")


def test_readings_come_in_the_order_of_the_passages(reader_of: MakeReader) -> None:
    passages = [passage("six"), passage("filler " * 40 + "Oslo"), passage("in Oslo at six")]
    readings = reader_of({"oslo": (5, 5)}).read("who", passages)
    assert [reading.passage for reading in readings] == passages


def test_no_passages_give_no_readings(reader_of: MakeReader) -> None:
    assert reader_of({}).read("who", []) == []


def test_a_passage_without_words_has_no_candidates(reader_of: MakeReader) -> None:
    (reading,) = reader_of({}).read("who", [passage("\u200b \n")])
    assert reading.candidates == ()


def test_the_reader_has_its_manifests_name(reader_of: MakeReader) -> None:
    assert reader_of({}).name == "table"


def test_a_graph_that_cannot_be_loaded_is_refused(tmp_path: Path) -> None:
    folder = write_table_weights(tmp_path, {})
    (folder / MODEL).write_bytes(b"no graph")
    write_manifest(folder, "broken", 64)
    with pytest.raises(ModelError, match=r"model.onnx cannot be loaded .*: reinstall Pullquote"):
        SpanReader(folder, 1)


def test_a_graph_with_other_outputs_is_refused(tmp_path: Path) -> None:
    folder = write_table_weights(tmp_path, {})
    graph = (folder / MODEL).read_bytes()
    (folder / MODEL).write_bytes(graph.replace(b"end_logits", b"row_logits"))
    write_manifest(folder, "other", 64)
    with pytest.raises(ModelError, match=r"is no span reader: .* gives row_logits, .*: reinstall"):
        SpanReader(folder, 1)


def test_a_tokenizer_that_cannot_be_loaded_is_refused(tmp_path: Path) -> None:
    folder = write_table_weights(tmp_path, {})
    (folder / "tokenizer.json").write_text("{}")
    write_manifest(folder, "broken", 64)
    with pytest.raises(ModelError, match=r"tokenizer.json is no tokenizer .*: reinstall"):
        SpanReader(folder, 1)


def test_reading_does_not_import_torch() -> None:
    code = "import sys, qa.reading.span; print({'torch', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 # our own code
    assert done.stdout.strip() == "set()"
