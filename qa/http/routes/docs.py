"""The API's documentation, served from here: nothing is loaded from another host."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from qa.http import examples, schemas
from qa.http.middleware.access import is_public, scope_of
from qa.http.middleware.request_context import SELF_ONLY
from qa.keys import Scope

router = APIRouter(include_in_schema=False)

# Swagger UI sets styles on elements and draws its icons from data addresses.
CSP = f"{SELF_ONLY}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pullquote: the API</title>
<link rel="icon" href="/docs/assets/favicon.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui">The description itself is at <a href="/openapi.json">/openapi.json</a>.</div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

# The validator is a service of another host.
START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""


@router.get("/docs")
async def page() -> HTMLResponse:
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": CSP})


@router.get("/docs/start.js")
async def start() -> Response:
    return Response(START, media_type="text/javascript")


def document(app: FastAPI, guarded: frozenset[Scope]) -> None:
    """Serve the documentation's parts, and describe the problems that every route can answer.

    The scopes that are ``guarded`` need a key.
    """
    app.include_router(router)
    app.mount("/docs/assets", StaticFiles(packages=[("fastapi_offline", "static")]))

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app, guarded)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _described(app: FastAPI, guarded: frozenset[Scope]) -> dict[str, Any]:
    description = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        description=app.description,
        routes=app.routes,
    )
    parts = description["components"]["schemas"]
    parts.pop("HTTPValidationError", None)
    parts.pop("ValidationError", None)
    model = schemas.ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    parts.update(model.pop("$defs"))
    parts["ProblemDocument"] = model
    parts["ArticleAddress"] = schemas.ArticleAddress.model_json_schema()
    description["components"]["securitySchemes"] = {"key": KEY}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            if not is_public(path):
                _describe_access(operation, scope_of(method.upper(), path), guarded)
    return description


def _describe_access(operation: dict[str, Any], scope: Scope, guarded: frozenset[Scope]) -> None:
    """The key that an operation needs, or that it takes all the same."""
    needed: list[dict[str, list[str]]] = [{"key": [scope]}]
    operation["security"] = needed if scope in guarded else [{}, *needed]
    operation["responses"] |= {str(status): problem for status, problem in REFUSALS.items()}


KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key that `pullquote keys create` made, with the scope `read` or `write`.",
}

REFUSALS = {
    401: examples.problem("A key is needed, or the one that was sent is not known"),
    403: examples.problem("The key is not for this"),
    429: examples.problem("Too many requests of one key or address: see `Retry-After`"),
}
"""What a request can meet before it comes to its route."""

PROBLEMS: dict[int | str, dict[str, Any]] = {
    422: examples.problem("The input cannot be used; `field` is the first wrong one"),
    503: examples.problem("Not ready, or too many are asking: try again after `Retry-After`"),
    "default": examples.problem("Any other error"),
}
"""What every route can answer beside what it is for."""
