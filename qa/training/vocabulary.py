"""Prunes a SentencePiece base to the pieces that Latin-script text uses.

A multilingual vocabulary of 250,000 pieces is 96 of 118 million parameters, most of them for other
scripts. What stays are the special tokens, every piece that the given texts use, all single
characters that are Latin, digits, punctuation or symbols, and the most frequent Latin pieces up
to ``size``; each keeps its vector and its score, so texts of these pieces are cut as before.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from index.errors import InputError
from qa.training.checkpoint import replace_text

SPECIAL = {"<s>": "[CLS]", "<pad>": "[PAD]", "</s>": "[SEP]", "<unk>": "[UNK]", "<mask>": "[MASK]"}
_LATIN = re.compile(
    r"[\u2581\x21-\x7e\u00a1-\u024f\u1e00-\u1eff\u2010-\u205e\u20a0-\u20bf\u2100-\u22ff]+"
)


def prune(base: Path, output: Path, files: Iterable[Path], size: int = 50_000) -> int:
    """Writes the base with a smaller vocabulary to ``output``; returns its number of pieces.

    ``files`` are texts (SQuAD files among them) whose pieces all stay. Raises InputError if the
    base's tokenizer is not of the Unigram kind or ``output`` exists.
    """
    if output.exists():
        raise InputError(f"{str(output)!r} exists already: give a new folder", field="output")
    source = base / "tokenizer.json"
    content = json.loads(source.read_text(encoding="utf-8"))
    if content["model"]["type"] != "Unigram":
        raise InputError(
            f"{source} is of the kind {content['model']['type']!r}: give a SentencePiece base "
            "(Unigram), such as multilingual-e5-small",
            field="base",
        )
    used = _used(Tokenizer.from_file(str(source)), files)
    kept = _kept(content["model"]["vocab"], used, size)
    output.mkdir(parents=True)
    _write_tokenizer(content, kept, output / "tokenizer.json")
    _write_weights(base, kept, output)
    return len(kept)


def _used(tokenizer: Tokenizer, files: Iterable[Path]) -> set[int]:
    used: set[int] = set()
    for file in files:
        lines = list(_texts(json.loads(file.read_text(encoding="utf-8"))))
        for begin in range(0, len(lines), 10_000):
            for encoding in tokenizer.encode_batch_fast(lines[begin : begin + 10_000]):
                used.update(encoding.ids)
    return used


def _texts(value: Any) -> Iterator[str]:
    """Every distinct string in a JSON document."""
    seen: set[str] = set()
    rest = [value]
    while rest:
        item = rest.pop()
        if isinstance(item, str):
            if item not in seen:
                seen.add(item)
                yield item
        elif isinstance(item, dict):
            rest += item.values()
        elif isinstance(item, list):
            rest += item


def _kept(vocabulary: list[tuple[str, float]], used: set[int], size: int) -> list[int]:
    """The ids that stay, in their order."""
    kept = {i for i in used if _LATIN.fullmatch(vocabulary[i][0])}
    latin = [i for i, (piece, _) in enumerate(vocabulary) if _LATIN.fullmatch(piece)]
    kept |= {i for i in latin if len(vocabulary[i][0]) == 1}
    kept |= {i for i, (piece, _) in enumerate(vocabulary) if piece in SPECIAL}
    latin.sort(key=lambda i: -vocabulary[i][1])
    for i in latin:
        if len(kept) >= size:
            break
        kept.add(i)
    return sorted(kept)


def _write_tokenizer(content: dict[str, Any], kept: list[int], file: Path) -> None:
    """Renames the special tokens to BERT's, which the reader's frame is made of."""
    vocabulary = [content["model"]["vocab"][i] for i in kept]
    place = {piece: i for i, (piece, _) in enumerate(vocabulary)}
    content["model"]["unk_id"] = place["<unk>"]
    content["model"]["vocab"] = [[SPECIAL.get(piece, piece), score] for piece, score in vocabulary]
    for token in content["added_tokens"]:
        token["id"] = place[token["content"]]
        token["content"] = SPECIAL[token["content"]]
    content["added_tokens"].sort(key=lambda token: token["id"])
    ids = {SPECIAL[piece]: i for piece, i in place.items() if piece in SPECIAL}
    content["post_processor"] = {
        "type": "BertProcessing",
        "sep": ["[SEP]", ids["[SEP]"]],
        "cls": ["[CLS]", ids["[CLS]"]],
    }
    replace_text(file, json.dumps(content, ensure_ascii=False))
    Tokenizer.from_file(str(file))  # or it says what is wrong


def _write_weights(base: Path, kept: list[int], output: Path) -> None:
    state = load_file(base / "model.safetensors")
    name = next(name for name in state if name.endswith("word_embeddings.weight"))
    state[name] = state[name][kept].contiguous()
    save_file(state, output / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    config["vocab_size"] = len(kept)
    config["pad_token_id"] = 1
    replace_text(output / "config.json", json.dumps(config, indent=1) + "\n")
