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
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        os.kill(os.getpid(), signal.SIGINT)
print("still here")
"""


def test_the_first_interrupt_is_announced_and_raised(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), ending_in_order("stopping"):
        os.kill(os.getpid(), signal.SIGINT)
    assert capsys.readouterr().err == "stopping\n"
    assert signal.getsignal(signal.SIGINT) == before


def test_the_second_interrupt_kills() -> None:
    done = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, check=False)  # noqa: S603 - our own code
    assert done.returncode == -signal.SIGINT
    assert done.stdout == b""
