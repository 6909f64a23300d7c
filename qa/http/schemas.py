"""What goes in and out over HTTP, as OpenAPI describes it."""

import dataclasses
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from index.article import Article, Draft, Filters, Structure, Summary
from index.errors import QuestionError
from index.ingest.fetching.address import LONGEST_ADDRESS
from index.ingest.loading import Refused
from index.ingest.loading.decoding import why_unfit
from index.ingest.loading.left_out import LeftOut as LeftOutValue
from qa.answering.answer import AnswerKind
from qa.answering.conversation import Turn
from qa.answering.question import (
    DEFAULT_TOP_K,
    LONGEST_EARLIER_ANSWER,
    LONGEST_QUESTION,
    MOST_PASSAGES,
    MOST_TURNS,
    check_question,
)
from qa.answering.suggestions import SUGGESTED
from qa.answering.verifying import Claim, Verdict
from qa.http import examples

MOST_QUESTIONS = 100
"""Questions in a batch at most."""

MOST_FILTERED = 1000
"""Ids, sources or tags in a filter at most."""

MOST_TAGS = 100
"""Tags of an article at most."""

MOST_FIELDS = 100
"""Fields of an object at most, known or not."""

MOST_CITATIONS = 1000
"""Citations to verify at once at most."""

# ---------------------------------------------------------------------------------------------
# In: nothing is converted, and what is not known is refused.


def _question(value: str) -> str:
    try:
        check_question(value)
    except QuestionError as error:
        raise ValueError(str(error)) from None
    return value


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"{value!r} is no date: write it as 2026-01-17") from None


def _fit(value: str) -> str:
    """JSON can spell what is no Unicode text, such as half of a surrogate pair."""
    reason = why_unfit(value)
    if reason:
        raise ValueError(f"the value holds {reason}: send Unicode text")
    return value


WORDS = r"[\p{L}\p{N}]"
"""A letter or a digit of any script, in the patterns of JSON Schema."""


def _whole(value: object) -> object:
    """JSON has one kind of number, so that 5.0 is a whole one too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Text = Annotated[str, AfterValidator(_fit)]
Question = Annotated[
    Text,
    AfterValidator(_question),
    Field(
        description=f"A question in words, at most {LONGEST_QUESTION:,} characters. It comes back "
        "as it was sent.",
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_QUESTION, "pattern": WORDS},
    ),
]
WHOLE = BeforeValidator(_whole)
"""Stands after the bounds, or the description would not have them."""

TopK = Annotated[
    int, Field(ge=1, le=MOST_PASSAGES, description="How many passages to show."), WHOLE
]
Probability = Annotated[float, Field(ge=0, le=1)]
Day = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, value: object) -> object:
        """Each unknown field is an error of its own, and a body can hold a million."""
        if isinstance(value, dict) and len(value) > MOST_FIELDS:
            raise ValueError(
                f"the object has {len(value):,} fields, and at most {MOST_FIELDS} are looked at: "
                "leave out the unknown ones"
            )
        return value


class ArticleFilters(_Input):
    """Which articles to look at; every given condition must hold."""

    article_ids: Annotated[list[Text] | None, Field(max_length=MOST_FILTERED)] = None
    sources: Annotated[list[Text] | None, Field(max_length=MOST_FILTERED)] = None
    tags: Annotated[
        list[Text] | None,
        Field(max_length=MOST_FILTERED, description="Articles with one of these tags."),
    ] = None
    published_from: Annotated[
        Day | None, Field(description="The first day; articles without a date are left out.")
    ] = None
    published_to: Annotated[
        Day | None, Field(description="The last day; articles without a date are left out.")
    ] = None

    @model_validator(mode="after")
    def _in_order(self) -> "ArticleFilters":
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError(
                f"published_from is {self.published_from!r}, after published_to, "
                f"{self.published_to!r}: swap them"
            )
        return self

    def value(self) -> Filters:
        return Filters(
            article_ids=None if self.article_ids is None else tuple(self.article_ids),
            sources=None if self.sources is None else tuple(self.sources),
            tags=None if self.tags is None else tuple(self.tags),
            published_from=self.published_from,
            published_to=self.published_to,
        )


class _AskOptions(_Input):
    top_k: TopK = DEFAULT_TOP_K
    filters: ArticleFilters | None = None
    min_confidence: Annotated[
        Probability | None,
        Field(
            description="Answer only if the answer is right with at least this probability; "
            "without it the reader's own threshold counts."
        ),
    ] = None

    def filters_value(self) -> Filters | None:
        return self.filters.value() if self.filters else None


class ConversationTurn(_Input):
    """An earlier question of a conversation, and the answer it got."""

    question: Question
    answer: Annotated[
        Text, Field(max_length=LONGEST_EARLIER_ANSWER, description="Empty when there was none.")
    ]


class AskRequest(_AskOptions):
    """A question."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": examples.QUESTION, "top_k": 1}]}
    )

    question: Question
    conversation: Annotated[
        list[ConversationTurn],
        Field(
            max_length=MOST_TURNS,
            description="The latest earlier turns, oldest first. A question that depends on them "
            "is read in their context, and `understood_as` says how.",
        ),
    ] = []

    def conversation_value(self) -> tuple[Turn, ...]:
        return tuple(Turn(turn.question, turn.answer) for turn in self.conversation)


class AskBatchRequest(_AskOptions):
    """Several questions, asked alike."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"questions": ["When did the talks begin?", "Who won the cup?"], "top_k": 1}
            ]
        }
    )

    questions: Annotated[list[Question], Field(min_length=1, max_length=MOST_QUESTIONS)]

    def each(self) -> list[AskRequest]:
        shared = {name: getattr(self, name) for name in _AskOptions.model_fields}
        return [
            AskRequest.model_construct(question=question, **shared) for question in self.questions
        ]


class SearchRequest(_Input):
    """Words or a question to find passages for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"query": "attacks on the power grid", "top_k": 2}]}
    )

    query: Question
    top_k: TopK = DEFAULT_TOP_K
    filters: ArticleFilters | None = None


class ArticleMetadata(_Input):
    """What is known of an article beside its text."""

    title: Annotated[
        Text | None,
        Field(description="Without it the article's own heading or opening words serve."),
    ] = None
    source: Annotated[
        Text | None,
        Field(
            description="Identifies the article: another text of the same source replaces it. "
            "A web address gives citations a `url`."
        ),
    ] = None
    published: Annotated[Day | None, Field(description="The day it was published.")] = None
    author: Annotated[Text | None, Field(description="Who wrote it.")] = None
    tags: Annotated[
        list[Text] | None,
        Field(max_length=MOST_TAGS, description="What it is about, to filter by."),
    ] = None


class ArticleChanges(_Input):
    """What is to change of what is known of an article; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"tags": ["harbour"]}]})

    title: Annotated[Text | None, Field(description="A blank one changes nothing.")] = None
    published: Annotated[Day | None, Field(description="null takes the date away.")] = None
    author: Annotated[Text | None, Field(description="null takes the author away.")] = None
    tags: Annotated[list[Text], Field(max_length=MOST_TAGS)] = []

    def of(self, draft: Draft) -> Draft:
        """The draft with the changes that were given."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        if not (self.title or "").strip():
            given.pop("title", None)
        if "tags" in given:
            given["tags"] = tuple(dict.fromkeys(tag.strip() for tag in self.tags if tag.strip()))
        return dataclasses.replace(draft, **given)


class ArticleText(ArticleMetadata):
    """A plain text to take in, kept exactly as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "The harbour opens again.\n\nThe ferry leaves at noon on Monday.",
                    "title": "Harbour news",
                    "source": "https://example.org/harbour",
                    "published": "2026-01-17",
                    "author": "Ada Hill",
                    "tags": ["harbour"],
                }
            ]
        }
    )

    text: Annotated[
        Text,
        Field(
            description="Paragraphs are set apart by blank lines, or one a line",
            json_schema_extra={"minLength": 1, "pattern": WORDS},
        ),
    ]


class ArticleAddress(_Input):
    """The address of a page, file or feed to fetch and take in."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"url": "https://example.org/news"}]})

    url: Annotated[
        Text,
        Field(
            description="An http or https address at a public host. It is fetched if the setting "
            "`PULLQUOTE_FETCH` is on, else refused.",
            json_schema_extra={"maxLength": LONGEST_ADDRESS, "format": "uri"},
        ),
    ]


class ListingQuery(_Input):
    """Which articles to list."""

    model_config = ConfigDict(strict=False)  # a query string holds only text

    q: Annotated[str, Field(description="A part of the title or source, in any case.")] = ""
    sort: Annotated[
        Literal["title", "published"],
        Field(description="By title, numbers in their order; or the latest published first."),
    ] = "title"
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0)] = 0


class CitationClaim(BaseModel):
    """A citation as it stands in an answer; what else it holds is not looked at."""

    model_config = ConfigDict(strict=True)

    article_id: Text
    revision: Text
    start: Annotated[int, Field(ge=0), WHOLE]
    end: Annotated[int, Field(ge=0), WHOLE]
    quote: Text
    paragraph: Annotated[int, Field(ge=1), WHOLE] | None = None

    def value(self) -> Claim:
        return Claim(**self.model_dump())


class VerifyRequest(_Input):
    """Citations to verify."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"citations": [examples.CITATION]}]})

    citations: Annotated[list[CitationClaim], Field(max_length=MOST_CITATIONS)]


# ---------------------------------------------------------------------------------------------
# Out.

_Start = Annotated[int, Field(description="Code points into the article's text, 0-based.")]
_End = Annotated[int, Field(description="Code points into the article's text, exclusive.")]
_Revision = Annotated[str, Field(description="`sha256:` and the SHA-256 of the text in UTF-8.")]
_Heading = Annotated[str | None, Field(description="The heading the paragraph stands under.")]
_Number = Annotated[int, Field(description="Counts from 1; headings are not counted.")]
_Page = Annotated[
    int | None,
    Field(description="The page that the paragraph begins on, from 1; null without pages."),
]


class SentenceDocument(BaseModel):
    start: _Start
    end: _End
    text: str


class CitationDocument(BaseModel):
    """Where an answer stands: `article.text[start:end] == quote`."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CITATION]})

    article_id: str
    title: str
    source: str | None
    published: str | None
    revision: _Revision
    paragraph: _Number
    page: _Page
    heading: _Heading
    start: _Start
    end: _End
    quote: str
    sentence: Annotated[SentenceDocument, Field(description="The sentence that holds the quote.")]
    url: Annotated[
        str | None,
        Field(description="The web address that leads to the quote, for articles from the web."),
    ]


class AlternativeDocument(BaseModel):
    """Another reading of the question."""

    answer: str
    confidence: Probability
    citations: list[CitationDocument]


class QuoteDocument(BaseModel):
    """One piece of an answer: an item, a part, a key sentence, or all of it."""

    text: Annotated[str, Field(description="Empty for a part that the articles do not answer.")]
    question: Annotated[
        str | None, Field(description="The part of the question that it answers, of several.")
    ]
    confidence: Probability
    reason: Annotated[str | None, Field(description="Why a part has no answer.")]
    citations: list[CitationDocument]


class CompetingValueDocument(BaseModel):
    """One of several values that do not go together."""

    text: str
    published: str | None
    citations: list[CitationDocument]


class PassageDocument(BaseModel):
    """A paragraph that the search found."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PASSAGE]})

    article_id: str
    title: str
    paragraph: _Number
    heading: _Heading
    start: _Start
    end: _End
    text: str
    score: Annotated[float, Field(description="Orders the passages of one search.")]


class Models(BaseModel):
    embedder: str
    reader: str


class AnswerDocument(BaseModel):
    """An answer in an article's own words, or the reason why there is none."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ANSWER]})

    question: str
    answered: bool
    answer: Annotated[str, Field(description="Empty when the articles do not answer.")]
    confidence: Annotated[
        float,
        Field(ge=0, le=1, description="How probably the best reading is right, given or not."),
    ]
    reason: Annotated[str | None, Field(description="Why there is no answer; null if there is.")]
    citations: Annotated[
        list[CitationDocument],
        Field(description="Every place where the answer stands, the best first."),
    ]
    alternatives: list[AlternativeDocument]
    passages: Annotated[
        list[PassageDocument], Field(description="The nearest passages, the best first.")
    ]
    library_revision: Annotated[str, Field(description="Names the library's content.")]
    models: Models
    understood_as: Annotated[
        str | None,
        Field(description="How the question was read in its conversation; null when as written."),
    ] = None
    kind: Annotated[
        AnswerKind,
        Field(
            description="`quote`: one; `list`: one an item; `parts`: one for each of several "
            "questions; `overview`: the key sentences; `help`: told in the `reason`, not quoted; "
            "`none`: no answer."
        ),
    ]
    quotes: Annotated[
        list[QuoteDocument],
        Field(description="The answer's pieces, in order; `answer` joins them."),
    ]
    disagreement: Annotated[
        list[CompetingValueDocument] | None,
        Field(description="Values that do not go together, the latest first; null without."),
    ]
    sources: Annotated[
        int,
        Field(
            ge=0,
            description="How many independent articles say it; copies and reprints count once.",
        ),
    ]


class About(BaseModel):
    """What the service is, and what it allows."""

    version: str
    articles: int
    paragraphs: int
    library_revision: str
    models: Models
    fetches: Annotated[bool, Field(description="Whether `POST /v1/articles` takes a `url`.")]
    tags: Annotated[list[str], Field(description="Those of the articles, by name.")]


class SuggestedQuestions(BaseModel):
    """Questions that the library answers, made from its articles."""

    questions: Annotated[list[str], Field(max_length=SUGGESTED)]


class SearchResults(BaseModel):
    """What a search found, the best first."""

    query: str
    passages: list[PassageDocument]
    library_revision: str


class ArticleSummary(BaseModel):
    """An article without its text."""

    id: str
    title: str
    source: str | None
    published: str | None
    author: str | None
    tags: list[str]
    revision: _Revision
    characters: Annotated[int, Field(description="The length of the text in code points.")]

    @classmethod
    def of(cls, article: Summary) -> "ArticleSummary":
        return cls(**_summary(article))


class LeftOut(BaseModel):
    """What a file shows and its articles do not hold, or hold in another form."""

    what: str
    count: Annotated[int, Field(description="How many; 0 for what is not counted.")]
    place: Annotated[str, Field(description="Where in the file; empty for all of it.")]

    @classmethod
    def of(cls, left_out: LeftOutValue) -> "LeftOut":
        return cls(what=left_out.what, count=left_out.count, place=left_out.place)


class IngestedArticle(ArticleSummary):
    """An article that was taken in, and what that did to the library."""

    status: Literal["added", "replaced", "unchanged"]
    left_out: Annotated[
        list[LeftOut],
        Field(description="What the file shows and the article does not hold, and why."),
    ] = []

    @classmethod
    def after(
        cls, article: Article, status: Literal["added", "replaced", "unchanged"]
    ) -> "IngestedArticle":
        return cls(**_summary(article.summary), status=status)


class RefusedArticle(BaseModel):
    """An article among several that was not taken in."""

    name: Annotated[str, Field(description="Its place in what was sent or fetched.")]
    reason: str

    @classmethod
    def of(cls, refused: Refused) -> "RefusedArticle":
        return cls(name=refused.name, reason=refused.reason)


class IngestedArticles(BaseModel):
    """What became of several articles of one file or feed."""

    articles: list[IngestedArticle]
    refused: list[RefusedArticle]
    left_out: list[LeftOut] = []


class ArticleListing(BaseModel):
    """Some of the articles, by title."""

    articles: list[ArticleSummary]
    total: Annotated[int, Field(description="How many there are that match.")]
    limit: int
    offset: int


class SentenceSpan(BaseModel):
    start: _Start
    end: _End


class HeadingPart(BaseModel):
    level: int
    start: _Start
    end: _End
    text: str


class ParagraphPart(BaseModel):
    paragraph: _Number
    page: _Page
    heading: _Heading
    start: _Start
    end: _End
    sentences: list[SentenceSpan]


class ArticleDocument(ArticleSummary):
    """An article with its text and the places of its parts."""

    text: str
    headings: list[HeadingPart]
    paragraphs: list[ParagraphPart]

    @classmethod
    def whole(cls, article: Article, structure: Structure) -> "ArticleDocument":
        text = article.text
        return cls(
            **_summary(article.summary),
            text=text,
            headings=[
                HeadingPart(
                    level=heading.level,
                    start=heading.span.start,
                    end=heading.span.end,
                    text=heading.span.of(text),
                )
                for heading in structure.headings
            ],
            paragraphs=[
                ParagraphPart(
                    paragraph=paragraph.number,
                    page=paragraph.page,
                    heading=paragraph.heading.span.of(text) if paragraph.heading else None,
                    start=paragraph.span.start,
                    end=paragraph.span.end,
                    sentences=[
                        SentenceSpan(start=sentence.start, end=sentence.end)
                        for sentence in paragraph.sentences
                    ],
                )
                for paragraph in structure.paragraphs
            ],
        )


def _summary(article: Summary) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "source": article.source,
        "published": article.published,
        "author": article.author,
        "tags": list(article.tags),
        "revision": article.revision,
        "characters": article.characters,
    }


class VerdictDocument(BaseModel):
    """Whether a citation holds; the place is where the quote stands now, null when it is gone."""

    status: Literal["valid", "moved", "gone"]
    reason: str
    revision: Annotated[str | None, Field(description="The article's revision now.")]
    start: int | None
    end: int | None
    paragraph: int | None

    @classmethod
    def of(cls, verdict: Verdict) -> "VerdictDocument":
        return cls(
            status=verdict.status,
            reason=verdict.reason,
            revision=verdict.revision,
            start=verdict.start,
            end=verdict.end,
            paragraph=verdict.paragraph,
        )


class VerifyResponse(BaseModel):
    """One verdict for each citation, in order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"verdicts": [examples.VERDICT]}]})

    verdicts: list[VerdictDocument]


class Liveness(BaseModel):
    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    status: Literal["ready"] = "ready"
    articles: int
    paragraphs: int
    library_revision: str
    models: Models


class WrongField(BaseModel):
    field: Annotated[str, Field(description="The field's path, such as `filters.published_from`.")]
    detail: str


class ProblemDocument(BaseModel):
    """An error, as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: Annotated[str, Field(description="What is wrong and what to do about it.")]
    field: Annotated[str | None, Field(description="The first wrong field of the input.")] = None
    errors: Annotated[
        list[WrongField] | None, Field(description="All that is wrong with the input.")
    ] = None
    request_id: Annotated[str | None, Field(description="Where to look in the service's log.")] = (
        None
    )
