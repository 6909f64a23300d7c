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

from index.errors import EmptyArticle, InputError, LimitExceeded, UnreadableFile
from index.loading import wire
from index.loading.file import File
from index.loading.limits import Limits, exceeded
from index.loading.loaded import Loaded

WORKER = "index.loading.worker"
FILES_EACH = 500
"""A worker is replaced after so many files, so that nothing that leaks grows."""

_ROOT = Path(__file__).parents[2]
_KEPT_ENVIRONMENT = ("LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP")
_ERRORS: dict[str, type[InputError]] = {
    kind.__name__: kind for kind in (EmptyArticle, UnreadableFile)
}


class Sandbox:
    """Worker processes, at most as many at once as there are cores, each used again and again.

    They start when the first file comes. May be used from several threads.
    """

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._idle: list[_Worker] = []
        self._owner = os.getpid()

    def load(self, file: File, limits: Limits) -> Loaded:
        """What the file's loader makes of it.

        Raises what the loader raises, ``LimitExceeded`` when it takes too long or too much
        memory, and ``UnreadableFile`` when it dies.
        """
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
        """End the idle workers; those at work end with their files."""
        while self._idle:
            self._idle.pop().close()

    def _worker(self) -> "_Worker":
        if self._owner != os.getpid():  # forked: the workers are the parent's
            self.__init__()  # type: ignore[misc]  # begins anew in this process
        try:
            return self._idle.pop()
        except IndexError:
            return _Worker()

    def _keep(self, worker: "_Worker") -> None:
        if worker.fit:
            self._idle.append(worker)
        else:
            worker.close()


class _Worker:
    """One process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # this very program
            [sys.executable, "-P", "-W", "ignore", "-m", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        self._files = 0
        self._late = False

    @property
    def fit(self) -> bool:
        """Whether the process can take another file."""
        return self._process.poll() is None and self._files < FILES_EACH

    def load(self, file: File, limits: Limits) -> Loaded:
        self._files += 1
        timer = threading.Timer(limits.parser_wait_seconds, self._stop)
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
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:  # what was still to be written to the dead
                    continue

    def _stop(self) -> None:
        self._late = True
        self._process.kill()

    def _exchange(self, file: File, limits: Limits) -> tuple[bytes, bytes]:
        head = {"name": file.name, "content_type": file.content_type, "limits": asdict(limits)}
        wire.send(_open(self._process.stdin), json.dumps(head).encode(), file.data)
        answers = _open(self._process.stdout)
        return wire.receive(answers, 100), wire.receive(answers, limits.parser_bytes)

    def _result(self, file: File, limits: Limits, kind: bytes, answer: bytes) -> Loaded:
        if kind == b"no memory":
            self._stop()
            self._process.wait()
            raise _no_memory(file, limits)
        try:
            if kind == b"loaded":
                return wire.decode(answer)
            message, name = map(str, json.loads(answer))
        except ValueError as error:
            self._stop()
            self._process.wait()
            raise UnreadableFile(
                f"{file.name!r} was read into what cannot be ({error}): save it again in another "
                "format",
                field="file",
            ) from error
        if name in _ERRORS:
            raise _ERRORS[name](message, field="file")
        raise LimitExceeded(message, setting=name)

    def _death(self, file: File, limits: Limits) -> InputError:
        """Why the process has died over the file, or had to."""
        self._process.kill()
        code = self._process.wait()
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
