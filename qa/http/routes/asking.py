"""Asking: questions in, cited answers out; and the search alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.responses import Response

from index.library import Found
from qa.answering.answer import Answer
from qa.answering.answer_json import answer_document, passage_document, to_json
from qa.answering.answerer import Answerer
from qa.http import examples, schemas
from qa.http.dependencies import JSON_ONLY, AllowanceDep, AnswererDep, MetricsDep, RequestQueueDep
from qa.http.disconnect import while_present
from qa.http.problems import problem_of
from qa.http.timing import Stopwatch

router = APIRouter(prefix="/v1", tags=["Asking"], dependencies=[JSON_ONLY])


def ask(
    answerer: Answerer,
    asked: schemas.AskRequest,
    watch: Stopwatch,
    on_found: Callable[[Found], None] = lambda _: None,
) -> Answer:
    """Answer one question; ``on_found`` gets its passages as soon as they are known."""
    watch.lap("queue")

    def trace(step: str, value: object) -> None:
        watch.lap(step)
        if isinstance(value, Found):
            on_found(value)

    return answerer.ask(
        asked.question,
        conversation=asked.conversation_value(),
        top_k=asked.top_k,
        filters=asked.filters_value(),
        min_confidence=asked.min_confidence,
        trace=trace,
    )


@router.post(
    "/ask",
    summary="Ask a question",
    response_model=schemas.AnswerDocument,
)
async def ask_one(
    request: Request,
    asked: schemas.AskRequest,
    answerer: AnswererDep,
    queue: RequestQueueDep,
    metrics: MetricsDep,
) -> Response:
    """Answers in the articles' own words and cites the place, or says why it does not."""
    watch = Stopwatch()
    answer = await while_present(request, queue.run(partial(ask, answerer, asked, watch)))
    metrics.answered(answer.answered, watch.seconds)
    return _json(to_json(answer_document(answer)), watch)


@router.post(
    "/ask/batch",
    summary="Ask several questions",
    response_model=list[schemas.AnswerDocument],
)
async def ask_batch(
    request: Request,
    asked: schemas.AskBatchRequest,
    answerer: AnswererDep,
    queue: RequestQueueDep,
    metrics: MetricsDep,
    allowance: AllowanceDep,
) -> Response:
    """The answers in the order of the questions, each the same as if it were asked alone.

    Each question waits for its own turn, so that a long batch holds up nobody else, and counts
    as one request against the rate limit.
    """
    await allowance.spend(len(asked.questions) - 1)
    whole, answers = Stopwatch(), []
    for one in asked.each():
        watch = Stopwatch()
        answer = await while_present(request, queue.run(partial(ask, answerer, one, watch)))
        metrics.answered(answer.answered, watch.seconds)
        answers.append(to_json(answer_document(answer)))
    whole.lap("answers")
    return _json(b"[" + b",".join(answers) + b"]", whole)


@dataclass(frozen=True, slots=True)
class Streamed:
    """A question that is being answered: its passages are known, the answer is to come."""

    asked: schemas.AskRequest
    found: Found
    answer: asyncio.Task[Answer]
    watch: Stopwatch


async def _streamed(
    request: Request,
    response: Response,
    asked: schemas.AskRequest,
    answerer: AnswererDep,
    queue: RequestQueueDep,
) -> AsyncIterator[Streamed]:
    """Finds the passages before the stream begins, so that a refusal still has its status."""
    loop, watch = asyncio.get_running_loop(), Stopwatch()
    found: asyncio.Future[Found] = loop.create_future()

    def tell(passages: Found) -> None:
        loop.call_soon_threadsafe(_settle, found, passages)

    answering = asyncio.create_task(queue.run(partial(ask, answerer, asked, watch, tell)))
    try:
        await while_present(request, _first_of(found, answering))
        if not found.done():
            await answering  # It failed, and this raises why.
        response.headers["Server-Timing"] = watch.header()
        yield Streamed(asked, await found, answering, watch)
    finally:
        answering.cancel()


async def _first_of(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


def _settle(found: asyncio.Future[Found], passages: Found) -> None:
    if not found.done():
        found.set_result(passages)


@router.post(
    "/ask/stream",
    summary="Ask a question and get the passages first",
    response_class=EventSourceResponse,
    responses={200: examples.STREAM},
)
async def ask_stream(
    request: Request, metrics: MetricsDep, streamed: Annotated[Streamed, Depends(_streamed)]
) -> AsyncIterator[ServerSentEvent]:
    """The same as `/v1/ask` in server-sent events: `passages` with the nearest passages,
    `answer` with the very bytes that `/v1/ask` gives, and `done`. What goes wrong after the
    passages is an `error` with a problem document."""
    found = streamed.found
    yield _event(
        "passages",
        {
            "passages": [
                passage_document(passage) for passage in found.passages[: streamed.asked.top_k]
            ],
            "library_revision": found.revision,
        },
    )
    try:
        answer = await streamed.answer
    except Exception as error:
        yield _event("error", problem_of(error, request.state.request_id).document())
        return
    metrics.answered(answer.answered, streamed.watch.seconds)
    yield _event("answer", answer_document(answer))
    yield _event("done", {})


@router.post("/search", summary="Find passages", response_model=schemas.SearchResults)
async def search(
    request: Request, asked: schemas.SearchRequest, answerer: AnswererDep, queue: RequestQueueDep
) -> Response:
    """The passages nearest to some words or a question, without reading them for an answer."""
    watch = Stopwatch()

    def work() -> Found:
        watch.lap("queue")
        filters = asked.filters.value() if asked.filters else None
        found = answerer.library.search(asked.query, asked.top_k, filters)
        watch.lap("search")
        return found

    found = await while_present(request, queue.run(work))
    document = {
        "query": asked.query,
        "passages": [passage_document(passage) for passage in found.passages],
        "library_revision": found.revision,
    }
    return _json(to_json(document), watch)


def _event(name: str, document: object) -> ServerSentEvent:
    return ServerSentEvent(event=name, raw_data=to_json(document).decode("utf-8"))


def _json(body: bytes, watch: Stopwatch) -> Response:
    return Response(body, media_type="application/json", headers={"Server-Timing": watch.header()})
