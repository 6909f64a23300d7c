"""The span reader: the exact words that answer, by trained weights on onnxruntime."""

from collections.abc import Sequence
from pathlib import Path

import onnxruntime
from tokenizers import Tokenizer

from index.article import Passage
from index.errors import ModelError
from qa.reading.extraction import Extractor, SpanModel, plain
from qa.reading.reader import Reading
from qa.reading.weights import REMEDY, Weights, open_weights
from qa.reading.windows import Floats, bert_frame
from qa.reading.words import Integers

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("start_logits", "end_logits")


class SpanReader:
    """Reads with the weights in a folder (see ``qa.reading.weights``), on ``threads`` threads.

    A candidate's score is its margin over the null score. Raises ``ModelError`` when the weights
    cannot be used.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        weights = open_weights(folder)
        self.name = weights.name
        tokenizer = _load_tokenizer(weights)
        self._extractor = Extractor(
            _load_model(weights),
            tokenizer,
            bert_frame(tokenizer),
            weights.max_length,
            threads=threads,
        )

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        return self._extractor.read(question, passages)


def _load_tokenizer(weights: Weights) -> Tokenizer:
    try:
        return plain(Tokenizer.from_file(str(weights.tokenizer)))
    except Exception as error:  # the tokenizers library raises nothing more special
        raise ModelError(f"{weights.tokenizer} is no tokenizer ({error}): {REMEDY}") from error


def _load_model(weights: Weights) -> SpanModel:
    try:
        session = onnxruntime.InferenceSession(
            str(weights.model), _options(), providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors share no other base
        raise ModelError(f"{weights.model} cannot be loaded ({error}): {REMEDY}") from error
    inputs = {node.name for node in session.get_inputs()}
    outputs = {node.name for node in session.get_outputs()}
    if inputs != set(INPUTS) or not outputs >= set(OUTPUTS):
        raise ModelError(
            f"{weights.model} is no span reader: it takes {', '.join(sorted(inputs))} and gives "
            f"{', '.join(sorted(outputs))}: {REMEDY}"
        )

    def run(ids: Integers, mask: Integers, types: Integers) -> tuple[Floats, Floats]:
        starts, ends = session.run(OUTPUTS, dict(zip(INPUTS, (ids, mask, types), strict=True)))
        return starts, ends

    return run


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # each pass has a thread of its own
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 3  # errors, which are raised as well
    return options
