"""Status: alive, ready, and the counts."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

from qa.http import schemas
from qa.http.dependencies import AnswererDep, MetricsDep, RequestQueueDep
from qa.http.problems import Problem, Refusal

router = APIRouter(tags=["Status"])


@router.get("/healthz", summary="Is it alive?")
async def healthz() -> schemas.Liveness:
    """The process answers, whether it can answer questions yet or not."""
    return schemas.Liveness()


@router.get("/readyz", summary="Is it ready?")
def readyz(queue: RequestQueueDep, answerer: AnswererDep) -> schemas.Readiness:
    """The models are loaded and the library is open; 503 until then, and when a question takes
    longer than others may wait for it."""
    if queue.stuck_seconds:
        raise Refusal(_stuck(queue.stuck_seconds))
    library = answerer.library
    articles, paragraphs = library.counts()
    return schemas.Readiness(
        articles=articles,
        paragraphs=paragraphs,
        library_revision=library.revision,
        models=schemas.Models(embedder=library.embedder, reader=answerer.reader.name),
    )


def _stuck(seconds: float) -> Problem:
    detail = (
        f"the queue has not moved for {seconds:.0f} seconds, over one question: wait for it, or "
        "restart the service if it does not end"
    )
    headers = {"Retry-After": "5"}
    return Problem(503, "queue-stuck", "The queue does not move", detail, headers=headers)


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
