"""Progress bars."""

from io import StringIO

from rich.console import Console

from qa.cli.progress import Rate, counted_bar, progress_bars


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


def test_a_counted_bar_shows_the_share_the_count_the_rate_and_the_time_left() -> None:
    written = StringIO()
    with counted_bar(
        "taking in", "articles", Console(file=written, force_terminal=True, width=120)
    ) as report:
        report(250, 1000, 1200)
    shown = written.getvalue()
    assert "25%" in shown
    assert "1,200 articles" in shown
    assert "a second" in shown
    assert "-:--:--" in shown


def test_a_rate_forgets_what_was_long_ago() -> None:
    now = [0.0]
    rate = Rate(lambda: now[0])
    assert rate.after(5) == 0.0
    told = []
    for second, count in ((10.0, 1000), (20.0, 1010), (45.0, 1035), (60.0, 1050)):
        now[0] = second
        told.append(rate.after(count))
    assert told == [100.0, 50.5, 1.0, 1.0]
