"""Metrics, in a registry of their own for each service."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from qa.http.request_queue import RequestQueue

ASK_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What the service counts."""

    def __init__(self, queue: RequestQueue) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "pullquote_requests",
            "Requests by method, route and status",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.ask_seconds = Histogram(
            "pullquote_ask_seconds",
            "Seconds from a question to its answer, the wait for its turn included",
            buckets=ASK_BUCKETS,
            registry=self.registry,
        )
        self.questions = Counter(
            "pullquote_questions",
            "Questions by what became of them: answered, or abstained for want of confidence",
            ["outcome"],
            registry=self.registry,
        )
        waiting = Gauge(
            "pullquote_queue_waiting",
            "Requests that wait for their turn with the models",
            registry=self.registry,
        )
        waiting.set_function(lambda: queue.waiting)
        self.registry.register(_Refused(queue))

    def answered(self, answered: bool, seconds: float) -> None:
        """Count a question that got an answer, or an honest none."""
        self.questions.labels("answered" if answered else "abstained").inc()
        self.ask_seconds.observe(seconds)


class _Refused(Collector):
    """The count that the queue keeps itself."""

    def __init__(self, queue: RequestQueue) -> None:
        self._request_queue = queue

    def collect(self) -> list[CounterMetricFamily]:
        return [
            CounterMetricFamily(
                "pullquote_queue_refused",
                "Requests sent away because too many were waiting, or for too long",
                value=self._request_queue.refused,
            )
        ]
