"""Answers of every kind, as the service gives them from version 2 of the answer on."""

import json
import re
from typing import Any

from playwright.sync_api import Page, Route

BRIDGE = (
    "The bridge will close for 13 months. Its cables are to be replaced. The council did not say "
    "whether it would compensate the shopkeepers.\n\n"
    "Present were Kara Lund, the chair, and Jonas Weber of the Greens. Mia Ortega came later.\n\n"
    "The work will cost 61 million euros, not 48.5 million as planned in May."
)
"""An article that the answers are quoted from."""


def cited(article: Any, quote: str, **more: Any) -> dict[str, Any]:
    """A citation of the first place of ``quote`` in an article as the service shows it."""
    text: str = article["text"]
    start = text.index(quote)
    part = next(one for one in article["paragraphs"] if one["start"] <= start < one["end"])
    sentence = next(one for one in part["sentences"] if one["start"] <= start < one["end"])
    return {
        "article_id": article["id"],
        "title": article["title"],
        "source": article["source"],
        "published": article["published"],
        "revision": article["revision"],
        "paragraph": part["paragraph"],
        "page": None,
        "heading": None,
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        "sentence": {
            "start": sentence["start"],
            "end": sentence["end"],
            "text": text[sentence["start"] : sentence["end"]],
        },
        "url": None,
        **more,
    }


def quoted(article: Any, words: str, **more: Any) -> dict[str, Any]:
    """A part of an answer: one quote with its citation."""
    citations = [cited(article, words)]
    return {"text": words, "question": None, "confidence": 0.86, "citations": citations, **more}


def unanswered(question: str, reason: str) -> dict[str, Any]:
    """A part of an answer that the articles do not give."""
    no = {"text": "", "confidence": 0.1, "citations": []}
    return {**no, "question": question, "reason": reason}


def answer(kind: str, *quotes: dict[str, Any], **more: Any) -> dict[str, Any]:
    citations = [citation for quote in quotes for citation in quote["citations"]]
    return {
        "question": "?",
        "answered": bool(citations),
        "answer": " […] ".join(quote["text"] for quote in quotes if quote["text"]),
        "confidence": 0.86,
        "reason": None,
        "citations": citations,
        "alternatives": [],
        "passages": [],
        "library_revision": "r1",
        "models": {"embedder": "e", "reader": "r"},
        "understood_as": None,
        "kind": kind,
        "quotes": list(quotes),
        "disagreement": None,
        "sources": 1,
        **more,
    }


def give(page: Page, *answers: dict[str, Any]) -> list[Any]:
    """The service gives these answers, one a question and the last again and again.

    What it was asked is added to the list that is returned.
    """
    asked: list[Any] = []

    def fulfil(route: Route) -> None:
        asked.append(route.request.post_data_json)
        given = answers[min(len(asked), len(answers)) - 1]
        body = f"event: answer\ndata: {json.dumps(given)}\n\nevent: done\ndata: {{}}\n\n"
        route.fulfill(body=body, content_type="text/event-stream")

    page.route("**/v1/ask/stream", fulfil)
    return asked


def refuse(page: Page, glob: str, kind: str, status: int, detail: str, times: int) -> None:
    """The service refuses so many requests with such a problem."""
    problem = {"type": f"urn:problem-type:pullquote:{kind}", "status": status, "detail": detail}

    def fulfil(route: Route) -> None:
        route.fulfill(
            status=status,
            body=json.dumps(problem),
            headers={"Retry-After": "1", "Content-Type": "application/problem+json"},
        )

    page.route(glob, fulfil, times=times)


def figure(confidence: float) -> re.Pattern[str]:
    return re.compile(rf"· {round(100 * confidence)}\xa0%")
