"""Embedders on onnxruntime: folders that cannot be used, and the packaged model."""

import hashlib
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index.article import Span
from index.checksums import check_sha256
from index.embedding.embedder import ParagraphText
from index.embedding.model import ModelEmbedder
from index.embedding.onnx import (
    DEFAULT,
    GRAPH,
    MANIFEST,
    REINSTALL,
    SHIPPED,
    TOKENIZER,
    WEIGHTS,
    onnx_embedder,
    packaged,
    read_manifest,
)
from index.embedding.sentence_transformers import PACKAGED, SentenceTransformerEmbedder
from index.errors import ModelError
from index.ingest.loading import draft_of_text
from index.sqlite.library import SQLiteLibrary
from qa.training.export_embedder import export, graph
from tests.index.embedding.small_models import build, cosines, paragraph, same

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    export(build(folder, "mean", {"query": "ask: "}), folder / "own", "small")
    return folder / "own"


@pytest.fixture
def own(exported: Path, tmp_path: Path) -> Path:
    """A model's folder that a test may spoil."""
    return Path(shutil.copytree(exported, tmp_path / "own"))


def _change(folder: Path, **values: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps(manifest | values), encoding="utf-8")


def test_a_folder_says_its_name_and_dimensions_before_a_weight_is_read(own: Path) -> None:
    for name in (GRAPH, WEIGHTS, TOKENIZER):
        (own / name).unlink()
    embedder = onnx_embedder(str(own), 1)
    assert (embedder.name, embedder.dimensions) == ("small", 32)
    with pytest.raises(ModelError, match=r"model.onnx is missing: export the embedder again with"):
        embedder.load()


@pytest.mark.parametrize("name", [GRAPH, WEIGHTS, TOKENIZER])
def test_a_file_with_a_flipped_bit_is_told(own: Path, name: str) -> None:
    content = bytearray((own / name).read_bytes())
    content[len(content) // 2] ^= 1
    (own / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"{name} is damaged \(its SHA-256 is"):
        onnx_embedder(str(own), 1).load()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"format": 2}, "format: Input should be 1"),
        ({"name": ""}, "name: String should have at least 1 character"),
        ({"pooling": "max"}, "pooling: Input should be 'mean' or 'cls'"),
        ({"dimensions": 30}, "dimensions: Input should be a multiple of 8"),
        ({"prompts": {"document": 5}}, "prompts.document: Input should be a valid string"),
        ({"sha256": {GRAPH: "0" * 64}}, "sha256: Value error, tokenizer.json is not in it"),
        ({"sha256": {GRAPH: "zz"}}, "sha256.model.onnx: String should match pattern"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
    ],
)
def test_a_manifest_with_a_wrong_value_names_it(
    own: Path, values: dict[str, object], said: str
) -> None:
    _change(own, **values)
    with pytest.raises(ModelError, match=rf"embedder.json is damaged: {said}.*: export the"):
        onnx_embedder(str(own), 1)


def test_a_folder_without_manifest_is_told(own: Path) -> None:
    (own / MANIFEST).unlink()
    with pytest.raises(ModelError, match=r"embedder.json cannot be read \(No such file"):
        onnx_embedder(str(own), 1)


@pytest.mark.parametrize(
    ("name", "said"), [(GRAPH, "cannot be loaded"), (TOKENIZER, "is no tokenizer")]
)
def test_a_file_of_another_kind_is_told(own: Path, name: str, said: str) -> None:
    (own / name).write_bytes(b"another")
    check = json.loads((own / MANIFEST).read_bytes())["sha256"]
    check[name] = hashlib.sha256(b"another").hexdigest()
    _change(own, sha256=check)
    with pytest.raises(ModelError, match=rf"{name} {said} \("):
        onnx_embedder(str(own), 1).load()


def test_a_graph_of_other_dimensions_is_told(own: Path) -> None:
    _change(own, dimensions=64)
    with pytest.raises(ModelError, match=r"is no embedder: it takes input_ids and gives token_emb"):
        onnx_embedder(str(own), 1).load()


@pytest.mark.parametrize("length", [2, 3, 8, 17, 31, 32])
def test_what_shares_a_pass_changes_no_bit(exported: Path, length: int) -> None:
    """Below, at and beyond the widths that a processor computes at once."""
    model = onnx_embedder(str(exported), 1).load()
    texts = [" ".join(f"w{(7 * row + i) % 300}" for i in range(length - 2)) for row in range(9)]
    windows = model.windows(texts)
    assert {len(one.ids) for one in windows} == {length}
    alone = [model.run([one])[0] for one in windows]
    for count in (2, 5, 9):
        for (vector, states), (own_vector, own_states) in zip(
            model.run(windows[:count]), alone, strict=False
        ):
            assert vector.tobytes() == own_vector.tobytes()
            assert states.tobytes() == own_states.tobytes()


# Exporting


def test_the_graph_that_ships_is_the_one_that_is_exported() -> None:
    assert graph(packaged()) == (SHIPPED / GRAPH).read_bytes()
    check_sha256(SHIPPED / GRAPH, read_manifest(SHIPPED / MANIFEST).sha256[GRAPH], "")


def test_the_default_setting_is_the_name_that_is_kept_in_libraries() -> None:
    assert onnx_embedder(DEFAULT, 1).name == DEFAULT


@pytest.mark.parametrize(
    ("file", "values", "said"),
    [
        ("config.json", {"model_type": "mpnet"}, "is of the kind 'mpnet' with 'gelu': only BERT"),
        ("config.json", {"hidden_act": "relu"}, "of the kind 'bert' with 'relu': only BERT"),
        ("1_Pooling/config.json", {"pooling_mode": "max"}, "pooling 'max': only models"),
    ],
)
def test_a_model_of_another_kind_is_not_exported(
    tmp_path: Path, file: str, values: dict[str, str], said: str
) -> None:
    base = build(tmp_path, "mean", {})
    config = json.loads((base / file).read_bytes())
    (base / file).write_text(json.dumps(config | values), encoding="utf-8")
    with pytest.raises(ModelError, match=said):
        export(base, tmp_path / "own", "other")


# The packaged model


def _texts() -> list[str]:
    """Two hundred: of every length up to beyond the longest window, and odd ones."""
    rng = np.random.default_rng(3)
    words = (Path(__file__).parents[2] / "data" / "articles").rglob("*.md")
    vocabulary = " ".join(path.read_text("utf-8") for path in sorted(words)).split()
    odd = [
        "", " ", "\n\n", ".", "?!…", "a", "\x01\x01", "\ufeff", "\u200b\u200d", "İıſß", "e\u0301é",
        "東京は日本の首都です。", "Ärger im café!", "Привет, мир", "مرحبا بالعالم", "नमस्ते दुनिया",
        "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "x" * 5000, "x " * 400, "1 " * 253, "1 " * 254, "1 " * 255,
        "[CLS] [SEP] [MASK] [PAD]",
        "##ing ##ed", "<script>alert('x')</script>", "C:\\path\\file.txt", "$1,000.50 (−3 %)",
        "don't can't won't", "ALL CAPS AND Mixed", "\t tabs \t and\r\nlines",
    ]  # fmt: skip
    lengths = [*range(1, 120), *rng.integers(120, 400, 200 - len(odd) - 119).tolist()]
    return odd + [" ".join(rng.choice(vocabulary, length)) for length in lengths]


@pytest.fixture(scope="module")
def by_pytorch() -> ModelEmbedder:
    return SentenceTransformerEmbedder(PACKAGED, 1)


@pytest.mark.model
def test_vectors_equal_those_of_sentence_transformers(minilm: ModelEmbedder) -> None:
    texts = _texts()
    assert len(texts) == 200
    model = SentenceTransformer(str(packaged()), device="cpu")
    expected = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    found = np.stack([minilm.embed_query(text).vector for text in texts])
    np.testing.assert_allclose(found, expected, atol=2e-6)
    assert cosines(found, expected).min() > 1 - 1e-6


@pytest.mark.model
def test_paragraphs_are_embedded_as_pytorch_does(
    minilm: ModelEmbedder, by_pytorch: ModelEmbedder
) -> None:
    """Sentences, tokens and where they stand; a token's sign may differ where it is all but 0."""
    halved = [text for text in _texts() if len(text) > 1][::5]
    passages = [
        ParagraphText(text, (Span(0, len(text) // 2), Span(len(text) // 2, len(text))), heading)
        for text, heading in zip(halved, cycle(["", "Minutes"]), strict=False)
    ]
    differing = bits = 0
    for one, other in zip(minilm.embed(passages), by_pytorch.embed(passages), strict=True):
        assert one.token_ids.tolist() == other.token_ids.tolist()
        assert one.token_sentences.tolist() == other.token_sentences.tolist()
        np.testing.assert_allclose(one.sentences, other.sentences, atol=1e-5)
        differing += int(np.unpackbits(one.tokens ^ other.tokens).sum())
        bits += 8 * one.tokens.size
    assert differing <= 1e-4 * bits


@pytest.mark.model
def test_neither_company_nor_threads_change_a_bit(minilm: ModelEmbedder) -> None:
    passages = [paragraph(text) for text in _texts() if text.strip()]
    (alone, together) = (
        [minilm.embed([passage])[0] for passage in passages],
        onnx_embedder(DEFAULT, 3).embed(passages),
    )
    assert all(map(same, alone, together))
    with ThreadPoolExecutor(4) as pool:
        again = pool.map(lambda passage: minilm.embed([passage])[0], passages)
        assert all(map(same, alone, again))


@pytest.mark.model
def test_the_packaged_weights_are_checked_bit_by_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(packaged(), tmp_path / "model"))
    with (copy / WEIGHTS).open("r+b") as stream:
        stream.seek(40_000_000)
        byte = stream.read(1)[0]
        stream.seek(40_000_000)
        stream.write(bytes([byte ^ 1]))
    monkeypatch.setattr("index.embedding.onnx.packaged", lambda: copy)
    with pytest.raises(ModelError, match=r"model.safetensors is damaged") as caught:
        onnx_embedder(DEFAULT, 1).load()
    assert str(caught.value).endswith(REINSTALL)


@pytest.mark.model
def test_what_is_asked_and_served_loads_no_pytorch(tmp_path: Path) -> None:
    """Nor what only fits models, or makes graphs."""
    script = """
import sys
from pathlib import Path
from qa.bootstrap import open_answerer
from qa.settings import Settings
from index.ingest.loading import draft_of_text

settings = Settings(library=Path(sys.argv[1]), threads=1)
answerer = open_answerer(settings, create=True)
answerer.library.add(draft_of_text("The ferry leaves at noon.", source="ferry"))
assert answerer.ask("When does the ferry leave?").answer
import qa.http.server
unwanted = {"torch", "transformers", "sentence_transformers", "sklearn", "onnx", "matplotlib"}
print(sorted(unwanted & set(sys.modules)))
"""
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script, str(tmp_path / "library")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.model
def test_a_paragraph_of_one_sentence_is_embedded_as_sentence_transformers_does(
    minilm: ModelEmbedder,
) -> None:
    """But for the two special tokens, which the mean over its own tokens leaves out."""
    text = "The talks, which began on January 17, 2026, represent a significant effort."
    (embedded,) = minilm.embed([ParagraphText(text, (Span(0, len(text)),))])
    assert cosines(embedded.sentences[0], minilm.embed_query(text).vector) > 0.95


@pytest.mark.model
def test_a_fact_at_the_end_of_a_very_long_paragraph_is_found(
    tmp_path: Path, minilm: ModelEmbedder
) -> None:
    filler = "The committee met again and discussed the budget of the coming year at length. "
    fact = "The lighthouse of Ardnamurchan was built by Alan Stevenson."
    library = SQLiteLibrary(tmp_path / "library", minilm, create=True)
    library.add(draft_of_text(filler * 215 + fact, title="Minutes", source="long"))
    library.add(draft_of_text("A harbour master counts boats.\n\nTrains run late.", source="other"))
    found = library.search("Who was the engineer of the beacon?", 3, by="vectors").passages
    best = found[0]
    assert best.article.source == "long"
    sentence = best.paragraph.sentences[int(np.argmax(best.sentence_scores))]
    assert sentence.of(best.article.text) == fact


@pytest.mark.model
def test_every_token_of_a_very_long_text_is_kept_once(
    minilm: ModelEmbedder,
) -> None:
    text = " ".join(f"Ünbelievable{i} café, naïve {i}!" for i in range(300))
    (embedded,) = minilm.embed([ParagraphText(text, (Span(0, len(text)),))])
    parts = [minilm.embed_query(part).token_ids for part in text.split(" ")]
    assert embedded.token_ids.tolist() == np.concatenate(parts).tolist()
    assert len(embedded.tokens) == len(embedded.token_ids) > 2000
