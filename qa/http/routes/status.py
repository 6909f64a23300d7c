"""Status: alive, ready, and the counts."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from qa.http import schemas
from qa.http.dependencies import AnswererDep, MetricsDep

router = APIRouter(tags=["Status"])


@router.get("/healthz", summary="Is it alive?")
async def healthz() -> schemas.Alive:
    """The process answers, whether it can answer questions yet or not."""
    return schemas.Alive()


@router.get("/readyz", summary="Is it ready?")
def readyz(answerer: AnswererDep) -> schemas.Ready:
    """The models are loaded and the library is open; 503 until then."""
    library = answerer.library
    articles, paragraphs = library.counts()
    return schemas.Ready(
        articles=articles,
        paragraphs=paragraphs,
        library_revision=library.revision,
        models=schemas.Models(embedder=library.embedder, reader=answerer.reader.name),
    )


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    response_class=Response,
    responses={200: {"description": "Prometheus' text format", "content": {"text/plain": {}}}},
)
async def metrics(metrics: MetricsDep) -> Response:
    """Requests, questions, the time they take, and the queue."""
    return Response(
        generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
    )
