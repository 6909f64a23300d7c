"""Fits the weights by which a sentence is taken to settle a question.

``python -m qa.training.settling`` asks the cases of ``benchmarks/data/forms`` that are not held
back, 001 to 030, and prints the weights as JSON.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.forms import Case, CaseTurn, Open, accepted, draft, read_cases
from qa.answering.conversation import Turn
from qa.answering.cut import statements
from qa.answering.question import MOST_TURNS
from qa.answering.settle import FEATURE_NAMES, sentences
from qa.answering.understand import understand

FOLDER = Path("benchmarks/data/forms")

HELD_BACK_FROM = "031"
"""The first case that nothing is fitted on."""

Row = tuple[tuple[float, ...], bool]


def rows_of(case: Case, open_answerer: Open) -> list[Row]:
    """The features of every sentence read for the case's questions that one quote answers or none,
    and whether it is an acceptable quote or holds one."""
    rows: list[Row] = []
    with TemporaryDirectory(prefix="pullquote-") as temporary:
        answerer = open_answerer(Path(temporary))
        for article in case.library:
            answerer.library.add(draft(article))
        turns: list[Turn] = []
        for turn in case.turns:
            before = turns[-MOST_TURNS:] if turn.follows else []
            understood = understand(turn.question, before, answerer.library.search, 5)
            turns.append(Turn(turn.question, turn.quotes[0][0] if turn.quotes else ""))
            if turn.kind in ("quote", "none"):
                count = answerer.policy.reads(follows=understood.follows)
                read = answerer.reader.read(understood.text, understood.found.passages[:count])
                found = sentences(statements(understood.text, read))
                rows += [(astuple(features), _settles(one.words, turn)) for one, features in found]
    return rows


def _settles(words: str, turn: CaseTurn) -> bool:
    return any(
        accepted(words, item) or any(quote in words for quote in item) for item in turn.quotes
    )


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """The intercept and the weight of each feature."""
    # scikit-learn takes seconds to import, and only a fit needs it.
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    values = np.array([features for features, _ in rows])
    scale = values.std(axis=0)
    model = LogisticRegression(C=1.0).fit(values / scale, [settles for _, settles in rows])
    weights = (model.coef_[0] / scale).tolist()
    named = {name: round(weight, 3) for name, weight in zip(FEATURE_NAMES, weights, strict=True)}
    return {"intercept": round(float(model.intercept_[0]), 3), **named}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the weights as JSON. Raises ``InputError`` or ``ModelError``."""
    from benchmarks.forms import opening

    parser = argparse.ArgumentParser("python -m qa.training.settling", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="holds the cases")
    given = parser.parse_args(arguments)
    open_answerer = opening()
    cases = read_cases(given.folder)
    used = [case for name, case in cases.items() if name < HELD_BACK_FROM]
    rows = [row for case in used for row in rows_of(case, open_answerer)]
    sys.stdout.write(json.dumps(fit(rows), indent=2) + "\n")


if __name__ == "__main__":
    main()
