"""Examples for the OpenAPI description: what the service over ``seeds/`` really answers.

A test compares them with the models' answers.
"""

from typing import Any

QUESTION = "When did the talks begin?"

CITATION: dict[str, Any] = {
    "article_id": "cc3ee4946be2dae5",
    "title": "A high-level Ukrainian delegation has arrived in the United States for critical…",
    "source": "seeds/000_6a5157c59b34f5d3.txt",
    "published": None,
    "revision": "sha256:1563bd5dafa5339cc347c0a8a86a302b22b04caa58fddbcf6afc915a4e44551c",
    "paragraph": 1,
    "page": None,
    "heading": None,
    "start": 265,
    "end": 281,
    "quote": "January 17, 2026",
    "sentence": {
        "start": 239,
        "end": 378,
        "text": "The talks, which began on January 17, 2026, represent a significant diplomatic "
        "effort to find a path toward ending the protracted conflict.",
    },
    "url": None,
}

PASSAGE: dict[str, Any] = {
    "article_id": "cc3ee4946be2dae5",
    "title": "A high-level Ukrainian delegation has arrived in the United States for critical…",
    "paragraph": 1,
    "heading": None,
    "start": 0,
    "end": 378,
    "text": "A high-level Ukrainian delegation has arrived in the United States for critical peace "
    "negotiations, a diplomatic move that coincides with a renewed and intense Russian campaign "
    "of missile strikes targeting Ukraine's energy infrastructure. The talks, which began on "
    "January 17, 2026, represent a significant diplomatic effort to find a path toward ending the "
    "protracted conflict.",
    "score": 0.5748,
}

LIBRARY_REVISION = "ce83c5e7b4c998694faeff530381f5595f105ee70816ca9c4a04bb95b951388b"

ANSWER: dict[str, Any] = {
    "question": QUESTION,
    "answered": True,
    "answer": CITATION["quote"],
    "confidence": 0.8501,
    "reason": None,
    "citations": [CITATION],
    "alternatives": [],
    "passages": [PASSAGE],
    "library_revision": LIBRARY_REVISION,
    "models": {"embedder": "all-MiniLM-L6-v2-onnx", "reader": "span"},
    "understood_as": None,
    "kind": "quote",
    "quotes": [
        {
            "text": CITATION["quote"],
            "question": None,
            "confidence": 0.8501,
            "reason": None,
            "citations": [CITATION],
        }
    ],
    "disagreement": None,
    "sources": 1,
}

VERDICT: dict[str, Any] = {
    "status": "valid",
    "reason": "the quote stands where the citation says",
    "revision": CITATION["revision"],
    "start": 265,
    "end": 281,
    "paragraph": 1,
}

STREAM: dict[str, Any] = {
    "description": "The events `passages`, `answer` and `done`; or `error`, with a problem",
}

ARTICLE_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "anyOf": [
                    {"$ref": "#/components/schemas/ArticleText"},
                    {"$ref": "#/components/schemas/ArticleAddress"},
                ]
            }
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "title": {"type": "string"},
                    "source": {"type": "string"},
                    "published": {"type": "string", "format": "date"},
                    "author": {"type": "string"},
                    "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 100},
                },
            }
        },
    },
}


def problem(description: str) -> dict[str, Any]:
    """A response that is a problem document."""
    return {
        "description": description,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
        },
    }
