"""Understanding: how a question is read, as written or in its conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.library import Found
from qa.answering.conversation import (
    FITTED,
    LOOKED_AT,
    NEEDED,
    Turn,
    follow_up_features,
    in_context,
    restated,
)
from qa.answering.retrieve import interleave


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question is read: its ``text`` for the search and the reader, itself unless it
    ``follows``; the same ``restated`` as a person would ask it; and what is found for it.

    For one that follows these are the passages ``interleave`` readings.
    """

    text: str
    restated: str
    follows: bool
    found: Found


def understand(
    question: str,
    conversation: Sequence[Turn],
    search: Callable[[str, int], Found],
    depth: int,
) -> Understood:
    """Read a question as written, or in the context of the earlier turns, oldest first.

    ``search`` finds so many passages for a text; at least ``depth`` of them are kept.
    """
    if not conversation:
        return Understood(question, question, False, search(question, depth))
    depth = max(depth, LOOKED_AT)
    as_written = search(question, depth)
    text = in_context(question, conversation)
    with_context = search(text, depth)
    features = follow_up_features(question, as_written, with_context)
    if features is None or FITTED.probability(features) < NEEDED:
        return Understood(question, question, False, as_written)
    return Understood(
        text, restated(question, conversation), True, interleave(with_context, as_written)
    )
