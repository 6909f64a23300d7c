"""Conversations as a Word file. What is written is what was sent; nothing is looked up."""

from io import BytesIO
from typing import Annotated

from docx import Document
from docx.document import Document as DocumentValue
from docx.enum.text import WD_COLOR_INDEX
from fastapi import APIRouter
from pydantic import ConfigDict, Field
from starlette.responses import Response

from qa.http.dependencies import JSON_ONLY
from qa.http.schemas import Text, _Input

router = APIRouter(prefix="/v1/export", tags=["Asking"], dependencies=[JSON_ONLY])

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

Short = Annotated[Text, Field(max_length=10_000)]


class ExportedQuote(_Input):
    """A sentence with the quoted words in it, and where they stand."""

    question: Annotated[Short, Field(description="Of this part, if several were asked.")] = ""
    note: Annotated[Short, Field(description="How sure it is, or why there is none.")] = ""
    before: Short = ""
    quote: Short = ""
    after: Short = ""
    sources: Annotated[list[Short], Field(max_length=100)]


class ExportedTurn(_Input):
    question: Short
    note: Annotated[Short, Field(description="Why there is no quote.")] = ""
    quotes: Annotated[list[ExportedQuote], Field(max_length=100)]


class ExportedConversation(_Input):
    title: Short
    turns: Annotated[list[ExportedTurn], Field(max_length=200)]


class Export(_Input):
    """Conversations to write down."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "conversations": [
                        {
                            "title": "The harbour",
                            "turns": [
                                {
                                    "question": "When does the ferry leave?",
                                    "quotes": [
                                        {
                                            "before": "It leaves at ",
                                            "quote": "noon",
                                            "after": ".",
                                            "sources": ["Harbour news, ¶ 2"],
                                        }
                                    ],
                                }
                            ],
                        }
                    ]
                }
            ]
        }
    )

    conversations: Annotated[list[ExportedConversation], Field(max_length=200)]


@router.post(
    "/docx",
    summary="Write conversations as a Word file",
    response_class=Response,
    responses={200: {"description": "The file", "content": {MEDIA_TYPE: {}}}},
)
def docx(given: Export) -> Response:
    """Questions as headings, quotes in their sentences, and where they stand. Nothing is kept."""
    document = Document()
    for conversation in given.conversations:
        document.add_heading(_printable(conversation.title), 0)
        for turn in conversation.turns:
            _write_turn(document, turn)
    file = BytesIO()
    document.save(file)
    return Response(file.getvalue(), media_type=MEDIA_TYPE)


def _write_turn(document: DocumentValue, turn: ExportedTurn) -> None:
    document.add_heading(_printable(turn.question), 1)
    if turn.note:
        document.add_paragraph(_printable(turn.note))
    for quote in turn.quotes:
        _write_quote(document, quote)


def _write_quote(document: DocumentValue, quote: ExportedQuote) -> None:
    if quote.question:
        document.add_heading(_printable(quote.question), 2)
    if quote.quote:
        paragraph = document.add_paragraph(_printable(quote.before), style="Quote")
        marked = paragraph.add_run(_printable(quote.quote))
        marked.bold = True
        marked.font.highlight_color = WD_COLOR_INDEX.YELLOW
        paragraph.add_run(_printable(quote.after))
    if quote.note:
        document.add_paragraph(_printable(quote.note))
    for source in quote.sources:
        document.add_paragraph(_printable(source), style="List Number")


def _printable(text: str) -> str:
    """XML cannot hold control characters."""
    return "".join(
        char if char >= " " or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text
    )
