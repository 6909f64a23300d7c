"""Files of risky formats, read in other processes that may die over them."""

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO

from index.errors import InputError, UnreadableFile
from index.ingest.loading import wire
from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits, exceeded
from index.ingest.loading.loaded import Loaded

WORKER = ("-m", "index.ingest.loading.worker")
FILES_EACH = 500
"""A worker is replaced after so many files, so that nothing that leaks grows."""

_ROOT = Path(__file__).parents[3]
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP")


class Sandbox:
    """Worker processes, at most as many at once as there are cores, each used again and again.

    They start when the first file comes. May be used from several threads. ``program`` is what
    Python is told to run.
    """

    def __init__(self, program: tuple[str, ...] = WORKER) -> None:
        self._program = program
        self._begin()

    def _begin(self) -> None:
        self._turns = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._idle: list[_Worker] = []
        self._owner = os.getpid()

    def load(self, file: File, limits: Limits) -> Loaded:
        """What the file's loader makes of it.

        Raises what the loader raises, ``LimitExceeded`` when it takes too long or too much
        memory, and ``UnreadableFile`` when it dies.
        """
        if self._owner != os.getpid():  # forked: the workers are the parent's
            self._begin()
        with self._turns:
            worker = self._worker()
            try:
                loaded = worker.load(file, limits)
            except InputError:
                self._keep(worker)
                raise
            except BaseException:
                worker.close()
                raise
            self._keep(worker)
            return loaded

    def close(self) -> None:
        """End the idle workers, unless they are another process's."""
        while self._owner == os.getpid() and self._idle:
            self._idle.pop().close()

    def _worker(self) -> "_Worker":
        try:
            worker = self._idle.pop()
        except IndexError:
            return _Worker(self._program)
        if worker.fit:
            return worker
        worker.close()
        return self._worker()

    def _keep(self, worker: "_Worker") -> None:
        if worker.fit:
            self._idle.append(worker)
        else:
            worker.close()


class _Worker:
    """One process."""

    def __init__(self, program: tuple[str, ...]) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # this very program
            [sys.executable, "-P", "-W", "ignore", *program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the one who asks, who finishes the file
        )
        self._files = 0
        self._late = False

    @property
    def fit(self) -> bool:
        """Whether the process can take another file."""
        return self._process.poll() is None and self._files < FILES_EACH

    def load(self, file: File, limits: Limits) -> Loaded:
        self._files += 1
        timer = threading.Timer(limits.parser_wait_seconds, self._time_out)
        timer.daemon = True
        timer.start()
        try:
            kind, answer = self._exchange(file, limits)
        except (EOFError, OSError):
            raise self._death(file, limits) from None
        finally:
            timer.cancel()
        return self._result(file, limits, kind, answer)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._stop()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:  # what was still to be written to the dead
                    continue

    def _time_out(self) -> None:
        self._late = True
        self._process.kill()

    def _stop(self) -> int:
        """End the process, and return what it ended with."""
        self._process.kill()
        return self._process.wait()

    def _exchange(self, file: File, limits: Limits) -> tuple[bytes, bytes]:
        head = {"name": file.name, "content_type": file.content_type, "limits": asdict(limits)}
        wire.send(_open(self._process.stdin), json.dumps(head).encode(), file.data)
        answers = _open(self._process.stdout)
        return wire.receive(answers, 100), wire.receive(answers, limits.parser_bytes)

    def _result(self, file: File, limits: Limits, kind: bytes, answer: bytes) -> Loaded:
        if kind == wire.NO_MEMORY:
            self._stop()
            raise _no_memory(file, limits)
        try:
            if kind == wire.LOADED:
                return wire.decode(answer)
            refusal = wire.decode_refusal(answer)
        except ValueError as error:
            self._stop()
            raise UnreadableFile(
                f"{file.name!r} was read into what cannot be ({error}): save it again in another "
                "format",
                field="file",
            ) from error
        raise refusal

    def _death(self, file: File, limits: Limits) -> InputError:
        """Why the process has died over the file, or had to."""
        code = self._stop()
        if self._late:
            return exceeded(
                "parser_wait_seconds",
                f"reading {file.name!r} took longer than the {limits.parser_wait_seconds:g} "
                "seconds allowed",
            )
        if sys.platform != "win32" and code == -signal.SIGXCPU:
            return exceeded(
                "parser_seconds",
                f"reading {file.name!r} took more than the {limits.parser_seconds:g} seconds of "
                "computing allowed",
            )
        return UnreadableFile(
            f"reading {file.name!r} made its parser fail (exit {code}; it may use "
            f"{limits.parser_bytes:,} bytes of memory, which PULLQUOTE_PARSER_BYTES sets): save "
            "it again in another format",
            field="file",
        )


def _no_memory(file: File, limits: Limits) -> InputError:
    return exceeded(
        "parser_bytes",
        f"reading {file.name!r} took more than the {limits.parser_bytes:,} bytes of memory allowed",
    )


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe  # noqa: S101  # both were asked for
    return pipe


def _environment() -> dict[str, str]:
    """What a process needs to start, and no secret."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
    }


SANDBOX = Sandbox()
"""The workers of this process. None runs until a file needs one."""

atexit.register(SANDBOX.close)
