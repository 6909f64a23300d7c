"""The process that reads files of risky formats: ``python -m index.ingest.loading.worker``.

It reads one file after the other from its standard input and writes what it found to its standard
output, in the frames of ``index.ingest.loading.wire``, until the input ends.
"""

import json
import os
import sys
import time
from contextlib import suppress
from typing import BinaryIO

from index.errors import InputError
from index.ingest.loading import wire
from index.ingest.loading.file import File
from index.ingest.loading.limits import Limits
from index.ingest.loading.registry import load_here

if sys.platform != "win32":
    import resource


def main() -> None:
    """Read files until the input ends."""
    source, sink = sys.stdin.buffer, _private_output()
    _give_up_rights()
    with suppress(EOFError, BrokenPipeError):
        while True:
            head, data = wire.receive(source), wire.receive(source)
            if not _answer(sink, head, data):
                return


def _private_output() -> BinaryIO:
    """The standard output, which from here on is closed to libraries that print."""
    sink = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return sink


def _give_up_rights() -> None:
    """No file can be written from here on, and none is left behind by a crash."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _answer(sink: BinaryIO, head: bytes, data: bytes) -> bool:
    """Whether the process is still fit for the next file."""
    asked = json.loads(head)
    limits = Limits(**asked["limits"])
    try:
        _bind(limits)
        loaded = load_here(File(data, asked["name"], asked["content_type"]), limits)
        wire.send(sink, wire.LOADED, wire.encode(loaded))
    except InputError as error:
        wire.send(sink, wire.REFUSED, wire.encode_refusal(error))
    except MemoryError:
        wire.send(sink, wire.NO_MEMORY, b"")
        return False
    return True


def _bind(limits: Limits) -> None:
    """Set what this file may take of the processor and of memory, where the system can."""
    if sys.platform == "win32":
        return
    seconds = int(time.process_time() + limits.parser_seconds) + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (_at_most(seconds, most), most))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):  # macOS takes no limit below what is mapped already
        resource.setrlimit(resource.RLIMIT_AS, (_at_most(limits.parser_bytes, most), most))


def _at_most(wanted: int, most: int) -> int:
    return wanted if most == resource.RLIM_INFINITY else min(wanted, most)


if __name__ == "__main__":
    main()
