"""Speed: the command measures all it promises."""

import json
import os
from pathlib import Path

import pytest

from benchmarks.ask_speed import in_turns, main, peak_memory

DATA = Path(__file__).parents[1] / "data" / "squad"


def test_things_that_take_turns_are_each_timed_once_a_round() -> None:
    calls: list[str] = []
    times = in_turns([lambda: calls.append("a"), lambda: calls.append("b")], 3)
    assert calls == ["a", "b"] * 4
    assert [len(own) for own in times] == [3, 3]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="/proc is Linux's")
def test_peak_memory_grows_with_what_is_held() -> None:
    before = peak_memory(os.getpid())
    held = bytearray(os.urandom(1)) * (200 + before)
    assert peak_memory(os.getpid()) > before
    assert len(held) > before


@pytest.mark.model
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="/proc is Linux's")
def test_the_command_prints_what_the_readme_publishes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(DATA / "small-1.1.json")
    main([file, "--library", str(tmp_path), "--questions", "2", "--articles", "1", "--rounds", "1"])
    report = json.loads(capsys.readouterr().out)
    assert (report["articles"], report["paragraphs"]) == (2, 3)
    assert report["indexing"]["ratio"] > 0
    assert report["asking"]["ratio"] > 0
    assert 0 < report["service"]["ask_median_ms"] <= report["service"]["ask_95th_percentile_ms"]
    assert report["service"]["seconds_to_ready"] > 0
    assert 0.1 < report["service"]["peak_memory_gb"] < 4
