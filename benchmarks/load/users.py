"""Users who ask, add, replace and remove at once, and check every answer."""

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, ClassVar

from locust import FastHttpUser, between

from benchmarks.load.known import Document, Known, citations

DONE = (200, 201, 204)
SENT_AWAY = (429, 503)
"""What a service may say that is asked more than it can answer."""

MOST_ARTICLES = 3
"""Of one user, so that the library does not grow."""

SECONDS = 120

QUESTIONS = (
    "When did the talks begin?",
    "Who leads the delegation?",
    "What does the campaign of strikes target?",
    "How many cranes has the harbour?",
    "Who won the cup?",
)

numbers = count(1)


@dataclass(frozen=True, slots=True)
class Mine:
    """An article of one user's own, as it must stand in the library now."""

    id: str
    name: str
    revision: str


class Person(FastHttpUser):  # type: ignore[misc]  # mypy does not follow locust
    """One user; nobody else touches this user's articles, so that it knows how they stand."""

    wait_time = between(0.1, 0.5)
    network_timeout = SECONDS
    connection_timeout = SECONDS

    known: ClassVar[Known] = Known()
    counts: ClassVar[Counter[str]] = Counter()

    def on_start(self) -> None:
        self.mine: list[Mine] = []

    def asks(self) -> None:
        body = {"question": random.choice(QUESTIONS)}  # noqa: S311  # a load, no secret
        self._send("POST", "/v1/ask", body, self._wrong_in)

    def asks_about_an_own_article(self) -> None:
        for mine in self._one_of_mine():
            body = {"question": f"When did the harbour of {mine.name} open?"} | _only(mine)
            self._send("POST", "/v1/ask", body, partial(self._wrong_in, revision=mine.revision))

    def asks_several(self) -> None:
        def wrong(answers: list[Document]) -> str | None:
            return next(filter(None, map(self._wrong_in, answers)), None)

        self._send("POST", "/v1/ask/batch", {"questions": QUESTIONS[:3]}, wrong)

    def asks_for_a_stream(self) -> None:
        body = {"question": random.choice(QUESTIONS)}  # noqa: S311  # a load, no secret
        self._send("POST", "/v1/ask/stream", body, self._wrong_in, _streamed)

    def searches_an_own_article(self) -> None:
        for mine in self._one_of_mine():

            def wrong(found: Document, revision: str = mine.revision) -> str | None:
                if not found["passages"]:
                    return "an article that was added is not found"
                return self.known.wrong_in_passages(found["passages"], revision)

            self._send("POST", "/v1/search", _query(mine), wrong)

    def adds(self) -> None:
        if len(self.mine) == MOST_ARTICLES:
            return
        name, text = _article()
        revision = self.known.add(text)

        def wrong(taken: Document) -> str | None:
            self.mine.append(Mine(taken["id"], name, revision))
            return None if taken["revision"] == revision else "another text was taken in"

        self._send("POST", "/v1/articles", {"text": text, "source": f"load-{name}.txt"}, wrong)

    def replaces(self) -> None:
        for mine in self._one_of_mine():
            name, text = _article()
            revision = self.known.add(text)

            def wrong(
                taken: Document, old: Mine = mine, new: Mine = Mine(mine.id, name, revision)
            ) -> str | None:
                self.mine[self.mine.index(old)] = new
                return None if taken["revision"] == new.revision else "another text was taken in"

            self._send("PUT", f"/v1/articles/{mine.id}", {"text": text}, wrong)

    def removes(self) -> None:
        for mine in self._one_of_mine():
            if self._send("DELETE", f"/v1/articles/{mine.id}"):
                self.mine.remove(mine)
                self._send("POST", "/v1/search", _query(mine), _wrong_if_found)

    tasks: ClassVar = {  # and how often, against the others
        asks: 6,
        asks_about_an_own_article: 3,
        asks_several: 1,
        asks_for_a_stream: 1,
        searches_an_own_article: 2,
        adds: 2,
        replaces: 1,
        removes: 1,
    }

    def _one_of_mine(self) -> list[Mine]:
        """One or none."""
        return random.sample(self.mine, min(1, len(self.mine)))

    def _wrong_in(self, answer: Document, revision: str | None = None) -> str | None:
        self.counts["answers"] += 1
        self.counts["citations"] += citations(answer)
        return self.known.wrong_in_answer(answer, revision)

    def _send(
        self,
        method: str,
        path: str,
        body: object = None,
        wrong_in: Callable[[Any], str | None] = lambda _: None,
        read: Callable[[bytes], Any] = json.loads,
    ) -> bool:
        """Whether it was done; what is wrong with the answer is noted as a failure."""
        name = "/v1/articles/{id}" if path.startswith("/v1/articles/") else path
        with self.client.request(
            method, path, name=name, json=body, catch_response=True
        ) as response:
            done: bool = response.status_code in DONE
            if response.status_code in SENT_AWAY:
                self.counts[f"sent away with {response.status_code}"] += 1
                response.success()
            elif not done:
                response.failure(f"status {response.status_code}: {response.text}")
            elif wrong := wrong_in(read(response.content) if response.content else None):
                response.failure(f"wrong: {wrong}")
        return done


def _article() -> tuple[str, str]:
    """A name that no other article has, and a text about it."""
    number = next(numbers)
    name = "".join(chr(ord("a") + int(digit)) for digit in str(number)).capitalize() + "ville"
    text = (
        f"The harbour of {name}\n\nThe harbour of {name} opened in {1800 + number % 200}. It has "
        f"{number} cranes, and ships come every day.\n\nIts keeper lives in house {number}."
    )
    return name, text


def _only(mine: Mine) -> dict[str, Any]:
    return {"filters": {"article_ids": [mine.id]}}


def _query(mine: Mine) -> dict[str, Any]:
    return {"query": f"harbour of {mine.name}"} | _only(mine)


def _wrong_if_found(found: Document) -> str | None:
    return "an article that was removed is found" if found["passages"] else None


def _streamed(content: bytes) -> Any:
    """The answer of a stream of events; of one that broke off, an answer that is none."""
    events = {
        event.partition("\n")[0]: event.partition("data: ")[2]
        for event in content.decode("utf-8").split("\n\n")
    }
    return json.loads(events["event: answer"])
