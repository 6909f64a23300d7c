"""Examples for the OpenAPI description, taken from the service over ``seeds/``; a test compares."""

from typing import Any

SEED = {
    "article_id": "?",
}

ANSWER: dict[str, Any] = {"description": "The answer, or the reason why there is none"}

STREAM: dict[str, Any] = {
    "description": "The events `passages`, `answer` and `done`; or `error`, with a problem",
}

ARTICLE_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/ArticleText"}},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "file": {"type": "string", "format": "binary"},
                    "title": {"type": "string"},
                    "source": {"type": "string"},
                    "published": {"type": "string", "format": "date"},
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
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
