"""Any Hugging Face question-answering model as a reader, on PyTorch."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from index.article import Passage
from index.errors import ModelError
from qa.reading.extraction import Extractor, SpanModel, plain
from qa.reading.reader import Reading
from qa.reading.windows import Floats, own_frame
from qa.reading.words import Integers

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

LONGEST = 384
"""Tokens in a row at most, for models that would take more."""

RESERVED_POSITIONS = 2
"""Positions that RoBERTa and its like keep for themselves."""

REMEDY = (
    "set PULLQUOTE_READER to 'span', 'sentence', or the folder or cached name of a Hugging Face "
    "question-answering model"
)


class HuggingFaceReader:
    """Reads with a model from a folder or the local cache; nothing is downloaded.

    A candidate's score is its margin over the null score, as with the span reader. Raises
    ``ModelError`` when there is no such model or it has no span head.
    """

    def __init__(self, name_or_path: str, threads: int | None = None) -> None:
        self.name = name_or_path
        tokenizer, model = _load(name_or_path, threads)
        backend = plain(tokenizer.backend_tokenizer)
        self._extractor = Extractor(
            _span_model(model, set(tokenizer.model_input_names)),
            backend,
            own_frame(backend),
            _max_length(tokenizer, model),
        )

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        return self._extractor.read(question, passages)


def _load(
    name_or_path: str, threads: int | None
) -> "tuple[PreTrainedTokenizerBase, PreTrainedModel]":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    if threads:
        torch.set_num_threads(threads)
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(name_or_path, local_files_only=True)
        model, report = AutoModelForQuestionAnswering.from_pretrained(
            name_or_path, local_files_only=True, dtype=torch.float32, output_loading_info=True
        )
    except (OSError, ValueError) as error:
        raise ModelError(
            f"there is no reader {name_or_path!r} that can be loaded ({_first_line(error)}): "
            f"{REMEDY}"
        ) from error
    if report["missing_keys"]:
        missing = ", ".join(sorted(report["missing_keys"]))
        raise ModelError(
            f"the model {name_or_path!r} has no span head (it lacks {missing}): {REMEDY}"
        )
    _check_tokenizer(name_or_path, tokenizer)
    return tokenizer, model.train(False)


def _check_tokenizer(name_or_path: str, tokenizer: Any) -> None:
    """Refuse one without offsets, and the empty one that transformers makes up if none is there."""
    if not tokenizer.is_fast or len(tokenizer) <= len(tokenizer.all_special_ids):
        raise ModelError(
            f"the model {name_or_path!r} has no tokenizer that gives offsets: add its "
            "tokenizer.json to the folder"
        )


def _span_model(model: "PreTrainedModel", taken: set[str]) -> SpanModel:
    """The model as a function of arrays; inputs that it does not take are left out."""
    import torch

    def run(ids: Integers, mask: Integers, types: Integers) -> tuple[Floats, Floats]:
        arrays = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        inputs = {name: torch.from_numpy(a) for name, a in arrays.items() if name in taken}
        with torch.inference_mode():
            output = model(**inputs)
        return _array(output.start_logits), _array(output.end_logits)

    return run


def _array(logits: Any) -> Floats:
    return np.asarray(logits.float().numpy(), dtype=np.float32)


def _max_length(tokenizer: "PreTrainedTokenizerBase", model: "PreTrainedModel") -> int:
    positions = int(getattr(model.config, "max_position_embeddings", 0) or 0)
    limits = [LONGEST, int(tokenizer.model_max_length)]
    return min([*limits, positions - RESERVED_POSITIONS] if positions > 0 else limits)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
