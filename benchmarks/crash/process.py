"""Processes that index, forked from a server that has everything imported, and what they print."""

import multiprocessing
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.crash.indexing import index_and_remove

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["benchmarks.crash.indexing"])


class Indexing:
    """A process that takes in a folder, then removes articles, and what it has printed so far."""

    def __init__(
        self, library: Path, articles: Path, removals: Sequence[str] = (), largest_file: int = 0
    ) -> None:
        self.lines: list[str] = []
        reader, writer = CONTEXT.Pipe(duplex=False)
        self._output = os.fdopen(os.dup(reader.fileno()), encoding="utf-8")
        reader.close()
        self._process = CONTEXT.Process(
            target=index_and_remove, args=(library, articles, removals, writer, largest_file)
        )
        self._process.start()
        writer.close()

    def read(self, lines: int) -> None:
        """Wait until it has printed so many lines, or has ended."""
        while len(self.lines) < lines and (line := self._output.readline()):
            self._keep(line)

    def kill(self, delay: float) -> int:
        """Kill it after so many seconds; its exit code, which is negative if that ended it."""
        time.sleep(delay)
        self._process.kill()
        return self.end()

    def interrupt(self) -> int:
        """Press Ctrl-C, and wait until it ends; its exit code."""
        os.kill(self._process.pid or 0, signal.SIGINT)
        return self.end()

    def end(self) -> int:
        """Wait until it ends, and read all it has printed."""
        for line in self._output:
            self._keep(line)
        self._output.close()
        self._process.join()
        return self._process.exitcode or 0

    def _keep(self, line: str) -> None:
        """Half a line, at the end of one who was killed, acknowledges nothing."""
        if line.endswith("\n"):
            self.lines.append(line.rstrip("\n"))
