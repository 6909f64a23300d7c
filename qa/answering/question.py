"""Questions as they come in: what is taken, and what is refused before anything is searched."""

from collections.abc import Sequence

from index.errors import QuestionError
from qa.answering.conversation import Turn

LONGEST_QUESTION = 1000
"""Characters in a question at most."""

MOST_TURNS = 10
"""Earlier turns that a question can come with at most."""

LONGEST_EARLIER_ANSWER = 10_000
"""Characters in the answer of an earlier turn at most."""

DEFAULT_TOP_K = 5
MOST_PASSAGES = 50
"""Passages that one question can ask for at most."""


def check_question(question: str) -> None:
    """Raise ``QuestionError`` when the question is blank, too long or not Unicode."""
    if not any(character.isalnum() for character in question):
        raise QuestionError("the question has no words: ask in words", "question")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters, and at most {LONGEST_QUESTION:,} are "
            "taken: shorten it",
            "question",
        )
    if not _is_unicode(question):
        raise QuestionError(
            f"the question {question!r} holds a lone surrogate: send it as UTF-8", "question"
        )


def check_conversation(conversation: Sequence[Turn]) -> None:
    """Raise ``QuestionError`` when there are too many turns, or one cannot have been."""
    if len(conversation) > MOST_TURNS:
        raise QuestionError(
            f"the conversation has {len(conversation)} turns, and at most {MOST_TURNS} are taken: "
            "send the latest",
            "conversation",
        )
    for number, turn in enumerate(conversation, 1):
        try:
            check_question(turn.question)
        except QuestionError as error:
            raise QuestionError(f"turn {number}: {error}", "conversation") from None
        if not _is_unicode(turn.answer):
            raise QuestionError(
                f"the answer of turn {number} holds a lone surrogate: send it as UTF-8",
                "conversation",
            )
        if len(turn.answer) > LONGEST_EARLIER_ANSWER:
            raise QuestionError(
                f"the answer of turn {number} has {len(turn.answer):,} characters, and at most "
                f"{LONGEST_EARLIER_ANSWER:,} are taken: shorten it",
                "conversation",
            )


def _is_unicode(text: str) -> bool:
    """Whether a text has no lone surrogates, which neither UTF-8 nor the models can take."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
