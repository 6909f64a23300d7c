"""Ctrl-C ends the work in good order, and the second one at once."""

import os
import signal
import subprocess
import sys

import pytest

from qa.cli.interrupting import ending_in_order

TWICE = """
import os, signal
from qa.cli.interrupting import ending_in_order
with ending_in_order("stopping"):
    os.kill(os.getpid(), signal.SIGINT)
    print("still here", flush=True)
    os.kill(os.getpid(), signal.SIGINT)
print("here again")
"""


def test_the_first_interrupt_is_announced_and_raised_where_it_is_asked_for(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGINT)
    with ending_in_order("stopping") as stop_if_pressed:
        stop_if_pressed()
        os.kill(os.getpid(), signal.SIGINT)
        assert capfd.readouterr().err == "stopping\n"
        with pytest.raises(KeyboardInterrupt):
            stop_if_pressed()
    assert signal.getsignal(signal.SIGINT) == before


def test_the_second_interrupt_kills() -> None:
    done = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, check=False)  # noqa: S603 - our own code
    assert done.returncode == -signal.SIGINT
    assert done.stdout == b"still here\n"
