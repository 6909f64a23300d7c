"""Calibration: fits the confidence of a reader and the threshold to answer from.

``python -m qa.training.calibration --answerable dev-v1.1.json --unanswerable dev-v2.0.json``

Three kinds of questions are asked of libraries of all paragraphs: answerable ones, ones written
to be unanswerable, and foreign ones, whose article is not in the library (the other half of the
articles is searched in its place). First the scale is chosen, on all answerable ones, on which
candidates of different passages are compared. Then a logistic regression learns from
``qa.answering.confidence.FEATURES`` whether the best reading is right. What is printed of the
confidence is cross-validated over articles: no article's questions are judged by coefficients or a
threshold that saw them. What is written to ``qa/answering/confidence.json`` is fitted on all.
"""

import argparse
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product, starmap
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from index.article import Filters, Passage
from qa.answering.answerer import Answerer
from qa.answering.compare import ScoredSpan, compare, merge
from qa.answering.confidence import FEATURES, Calibration, Comparison
from qa.answering.decide import evidence
from qa.bootstrap import build_embedder, build_reader
from qa.cli.progress import progress_bars
from qa.evaluation.abstention import (
    auroc,
    expected_calibration_error,
    refused_negatives,
    reliability_bins,
)
from qa.evaluation.collection import (
    EvaluationQuestion,
    Progress,
    collected,
    questions,
    read_dataset,
)
from qa.evaluation.experiment import is_right_quote
from qa.evaluation.metrics import judge
from qa.reading.reader import Reading
from qa.settings import Settings, read_settings
from qa.training.plots import draw

Kind = Literal["answerable", "unanswerable", "foreign"]
Floats = NDArray[np.float64]

PASSAGE_WEIGHTS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
SENTENCE_WEIGHTS = (0.0, 1.0, 2.0, 5.0, 10.0)
TEMPERATURES = (None, 1.0, 2.0, 3.0, 5.0, 10.0)
"""What is tried for each part of the scale on which candidates are compared."""

AGAINST = ("rank", "names_missing", "negation_missing", "opposites")
"""The features that speak against an answer; the others speak for it."""

RIDGE = 1.0
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Read:
    """A question with what was read for it. ``group`` is its article, to fold by."""

    kind: Kind
    group: str
    asked: EvaluationQuestion
    readings: tuple[Reading, ...]

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(reading.passage for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Observation:
    """The features of a question's best reading, whether it is right, and what giving or
    refusing it gains (0 to 1): its F1, or for whole sentences whether it is right."""

    kind: Kind
    group: str
    features: tuple[float, ...]
    right: bool
    given: float
    refused: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print the cross-validated measures as JSON, and write the coefficients."""
    options = _parser().parse_args(arguments)
    settings = read_settings()
    asked: dict[Kind, list[Path]] = {
        "answerable": options.answerable,
        "unanswerable": options.unanswerable,
    }
    with progress_bars() as progress:
        read = [
            one
            for kind, paths in asked.items()
            for path in paths
            for one in _read(path, kind, options, settings, progress)
        ]
    comparison = best_comparison(read)
    observations = [observe(one, comparison) for one in read]
    confidences, thresholds = cross_validate(observations, options.without)
    fitted = fit(observations, options.without)
    calibration = Calibration(
        *fitted, best_threshold(observations, predict(fitted, observations)), comparison
    )
    if options.plots:
        draw(confidences, [float(one.right) for one in observations], options.plots)
    name = build_reader(settings).name
    if options.write:
        write(options.write, name, calibration)
    report = measures(observations, confidences, thresholds)
    print(json.dumps({"reader": name, **report, **document(calibration)}, indent=2))  # noqa: T201 - the command's output


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qa.training.calibration", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--answerable", type=Path, nargs="+", required=True, help="question sets to answer"
    )
    parser.add_argument(
        "--unanswerable", type=Path, nargs="+", required=True, help="sets with impossible questions"
    )
    parser.add_argument("--libraries", type=Path, help="a folder that keeps the libraries")
    parser.add_argument("--every", type=int, default=1, help="ask each so-manyth question only")
    parser.add_argument(
        "--without", nargs="+", choices=FEATURES, default=(), help="features to leave out"
    )
    parser.add_argument("--plots", type=Path, help="a folder for the pictures")
    parser.add_argument("--write", type=Path, help="the file of coefficients to update")
    return parser


def _read(
    path: Path, kind: Kind, options: argparse.Namespace, settings: Settings, progress: Progress
) -> list[Read]:
    """Ask a file's questions; the answerable ones also of the other half of the articles."""
    dataset = read_dataset(path, settings.seeds)
    embedder = build_embedder(settings)
    folder = options.libraries / dataset.title if options.libraries else None
    with collected([dataset], "library", embedder, folder, progress) as library:
        answerer = Answerer(library, build_reader(settings), _UNFITTED)
        asked = [
            one
            for one in questions(dataset, "library")
            if one.question.impossible == (kind == "unanswerable")
        ][:: options.every]
        halves = _halves(asked)
        found = []
        for number, one in enumerate(asked, 1):
            for as_kind, filters in _askings(kind, one, halves):
                found.append(
                    _read_one(
                        answerer, as_kind, dataset.articles[one.fold].title, one, filters, settings
                    )
                )
            progress(f"asking {kind} questions", number, len(asked))
        return found


_UNFITTED = Calibration(0.0, (0.0,) * len(FEATURES), 0.0, Comparison(0.0))


def _halves(asked: Sequence[EvaluationQuestion]) -> tuple[Filters, Filters]:
    """Every other article, and the rest."""
    ids = list(dict.fromkeys(one.article_id for one in asked))
    return Filters(article_ids=tuple(ids[::2])), Filters(article_ids=tuple(ids[1::2]))


def _askings(
    kind: Kind, one: EvaluationQuestion, halves: tuple[Filters, Filters]
) -> Iterator[tuple[Kind, Filters | None]]:
    yield kind, None
    if kind == "answerable":
        other = halves[one.article_id in (halves[0].article_ids or ())]
        if other.article_ids:
            yield "foreign", other


def _read_one(
    answerer: Answerer,
    kind: Kind,
    group: str,
    one: EvaluationQuestion,
    filters: Filters | None,
    settings: Settings,
) -> Read:
    found = answerer.find(one.question.text, filters=filters)
    passages = found.passages[: settings.passages_read]
    return Read(kind, group, one, tuple(answerer.reader.read(one.question.text, passages)))


def best_comparison(read: Sequence[Read]) -> Comparison:
    """The scale on which the best readings of answerable questions gain most; of equals the
    first tried."""
    answerable = [one for one in read if one.kind == "answerable"]
    gains: dict[tuple[int, ScoredSpan], float] = {}

    def gained(number: int, comparison: Comparison) -> float:
        one = answerable[number]
        spans = compare(one.readings, comparison)
        if not spans:
            return 0.0
        best = replace(spans[0], score=0.0)
        if (number, best) not in gains:
            gains[number, best] = _worth(one, best)[0]
        return gains[number, best]

    def gain(comparison: Comparison) -> float:
        return sum(gained(number, comparison) for number in range(len(answerable)))

    tried = product(PASSAGE_WEIGHTS, SENTENCE_WEIGHTS, TEMPERATURES)
    return max(starmap(Comparison, tried), key=gain)


def observe(one: Read, comparison: Comparison) -> Observation:
    """What the features and the gold answers say of a question's best reading."""
    proposals = merge(compare(one.readings, comparison))
    if not proposals:
        empty = (0.0,) * len(FEATURES)
        return Observation(one.kind, one.group, empty, False, 0.0, float(one.kind != "answerable"))
    given, right = _worth(one, proposals[0].best)
    features = evidence(one.asked.question.text, proposals, 0, one.passages).values
    return Observation(one.kind, one.group, features, right, given, float(one.kind != "answerable"))


def _worth(one: Read, best: ScoredSpan) -> tuple[float, bool]:
    """What giving a reading gains, and whether it is right."""
    if one.kind != "answerable":
        return 0.0, False
    whole = best.candidate.span in best.passage.paragraph.sentences
    right = is_right_quote(best.words, whole, one.asked)
    if whole:
        return float(right), right
    return judge(best.words, one.asked.question).f1, right


def fit(
    observations: Sequence[Observation], without: Collection[str] = ()
) -> tuple[float, tuple[float, ...]]:
    """The intercept and the coefficients, one for each of ``FEATURES``.

    A logistic regression with a ridge, in which no coefficient may have the sign that makes no
    sense: where two features go together, one could otherwise count against what it speaks for.
    Those ``without`` which it is to do have coefficients of 0.
    """
    from scipy.optimize import minimize

    features, right = _table(observations)
    centre, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    scaled = (features - centre) / spread

    def loss(values: Floats) -> tuple[float, Floats]:
        log_odds = values[0] + scaled @ values[1:]
        error = 1 / (1 + np.exp(-log_odds)) - right
        ridge = RIDGE * float(values[1:] @ values[1:]) / 2
        slope = np.concatenate([[error.sum()], scaled.T @ error + RIDGE * values[1:]])
        return float((np.logaddexp(0, log_odds) - right * log_odds).sum() + ridge), slope

    signs = [
        (0.0, 0.0) if feature in without else (None, 0.0) if feature in AGAINST else (0.0, None)
        for feature in FEATURES
    ]
    start = np.zeros(1 + len(FEATURES))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), *signs]).x
    coefficients = found[1:] / spread
    return float(found[0] - coefficients @ centre), tuple(coefficients.tolist())


def predict(fitted: tuple[float, tuple[float, ...]], observations: Sequence[Observation]) -> Floats:
    """The confidences, (observations,), that fitted coefficients give."""
    intercept, coefficients = fitted
    log_odds = intercept + _table(observations)[0] @ np.array(coefficients)
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def cross_validate(
    observations: Sequence[Observation], without: Collection[str] = ()
) -> tuple[Floats, Floats]:
    """For each observation, a confidence and a threshold that saw no question of its article."""
    groups = sorted({one.group for one in observations})
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    folds = np.array([fold[one.group] for one in observations])
    confidences, thresholds = np.empty(len(folds)), np.empty(len(folds))
    for number in range(min(FOLDS, len(groups))):
        seen = [one for one, own in zip(observations, folds, strict=True) if own != number]
        held = [one for one, own in zip(observations, folds, strict=True) if own == number]
        fitted = fit(seen, without)
        confidences[folds == number] = predict(fitted, held)
        thresholds[folds == number] = best_threshold(seen, predict(fitted, seen))
    return confidences, thresholds


def best_threshold(observations: Sequence[Observation], confidences: Floats) -> float:
    """The confidence from which on answering gains most, to two decimal places."""
    given = np.array([one.given for one in observations])
    refused = np.array([one.refused for one in observations])
    tried = np.round(np.arange(0.0, 1.0, 0.01), 2)
    gains = [np.where(confidences >= value, given, refused).mean() for value in tried]
    return float(tried[int(np.argmax(gains))])


def measures(
    observations: Sequence[Observation], confidences: Floats, thresholds: Floats
) -> dict[str, Any]:
    """The cross-validated measures."""
    right = [float(one.right) for one in observations]
    members = {
        kind: np.array([one.kind == kind for one in observations])
        for kind in ("answerable", "unanswerable", "foreign")
    }
    of = {kind: confidences[chosen] for kind, chosen in members.items()}
    gains = [
        one.given if confidence >= threshold else one.refused
        for one, confidence, threshold in zip(observations, confidences, thresholds, strict=True)
    ]
    return {
        "questions": {kind: len(values) for kind, values in of.items()},
        "right": float(np.mean(right)),
        "gain": float(np.mean(gains)),
        "expected_calibration_error": expected_calibration_error(
            reliability_bins(confidences, right)
        ),
        "auroc_right": auroc(confidences[np.array(right) > 0], confidences[np.array(right) == 0]),
        "auroc_unanswerable": auroc(of["answerable"], of["unanswerable"]),
        "auroc_foreign": auroc(of["answerable"], of["foreign"]),
        "foreign_refused_at_95_answered": refused_negatives(
            of["answerable"], of["foreign"]
        ).refused,
        "answered": {
            kind: float((confidences >= thresholds)[chosen].mean()) if chosen.any() else None
            for kind, chosen in members.items()
        },
    }


def document(calibration: Calibration) -> dict[str, Any]:
    """A calibration in the form of ``qa/answering/confidence.json``."""
    coefficients = zip(FEATURES, calibration.coefficients, strict=True)
    return {
        "intercept": round(calibration.intercept, 4),
        "coefficients": {feature: round(value, 4) for feature, value in coefficients},
        "threshold": calibration.threshold,
        "comparison": asdict(calibration.comparison),
    }


def write(path: Path, reader: str, calibration: Calibration) -> None:
    """Put a reader's calibration into a file, beside those of other readers."""
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    kept[reader] = document(calibration)
    path.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")


def _table(observations: Sequence[Observation]) -> tuple[Floats, NDArray[np.int64]]:
    features = np.array([one.features for one in observations], dtype=np.float64)
    return features, np.array([one.right for one in observations], dtype=np.int64)


if __name__ == "__main__":
    main()
