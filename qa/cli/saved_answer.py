"""Saved answers: what ``pullquote ask --json`` and ``POST /v1/ask`` gave, read back."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, NonNegativeInt, TypeAdapter, ValidationError

from index.errors import InputError
from qa.answering.verifying import Claim


class SavedCitation(BaseModel):
    """The fields of a citation that can be checked; all others are left aside."""

    article_id: str
    revision: str
    start: NonNegativeInt
    end: NonNegativeInt
    quote: str
    paragraph: int | None = None

    @property
    def claim(self) -> Claim:
        return Claim(
            self.article_id, self.revision, self.start, self.end, self.quote, self.paragraph
        )


class SavedAlternative(BaseModel):
    citations: list[SavedCitation]


class SavedAnswer(BaseModel):
    citations: list[SavedCitation]
    alternatives: list[SavedAlternative] = []

    @property
    def cited(self) -> list[SavedCitation]:
        """Every citation, its alternatives' included, in order."""
        others = (citation for other in self.alternatives for citation in other.citations)
        return [*self.citations, *others]


def _as_list(saved: object) -> object:
    return saved if isinstance(saved, list) else [saved]


ANSWERS = TypeAdapter(Annotated[list[SavedAnswer], BeforeValidator(_as_list)])


def claims_in(saved: bytes, name: str) -> list[Claim]:
    """Every citation of an answer or a list of answers, its alternatives' included, in order.

    Raises ``InputError`` (field ``answer``) when this is no saved answer.
    """
    try:
        answers = ANSWERS.validate_json(saved)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{name!r} is not a saved answer ({place or 'the document'}: {first['msg']}): give "
            "what 'pullquote ask --json' or POST /v1/ask printed",
            "answer",
        ) from error
    return [citation.claim for answer in answers for citation in answer.cited]
