"""Progress bars."""

from io import StringIO

from rich.console import Console

from qa.cli.progress import progress_bars


def test_on_a_terminal_each_thing_that_is_done_has_its_bar() -> None:
    written = StringIO()
    with progress_bars(Console(file=written, force_terminal=True, width=100)) as report:
        report("taking in", 1, 2)
        report("asking", 3, 4)
        report("asking", 4, 4)
    assert "taking in" in written.getvalue()
    assert "1/2" in written.getvalue()
    assert "4/4" in written.getvalue()


def test_elsewhere_nothing_is_written() -> None:
    written = StringIO()
    with progress_bars(Console(file=written)) as report:
        report("taking in", 1, 2)
    assert written.getvalue() == ""
