"""Times, for the ``Server-Timing`` header: they never go into a body."""

from time import perf_counter


class Stopwatch:
    """Measures the stages of a request, one after the other, from its making on."""

    def __init__(self) -> None:
        self._began = self._last = perf_counter()
        self._stages: list[tuple[str, float]] = []

    def lap(self, stage: str) -> None:
        """What happened since the last lap was this stage."""
        now = perf_counter()
        self._stages.append((stage, now - self._last))
        self._last = now

    @property
    def seconds(self) -> float:
        """Seconds from the beginning to the last lap."""
        return self._last - self._began

    def header(self) -> str:
        """The stages in milliseconds, as in https://www.w3.org/TR/server-timing/."""
        stages = [*self._stages, ("total", self.seconds)]
        return ", ".join(f"{stage};dur={1000 * seconds:.1f}" for stage, seconds in stages)
