"""The figures of starting: medians, and the version before as a multiple."""

from benchmarks.startup import compared


def test_a_version_is_told_by_its_median() -> None:
    assert compared({"now": [3.0, 1.0, 2.0]}) == {"now": 2.0}


def test_two_versions_are_compared_by_their_medians() -> None:
    assert compared({"now": [2.0, 9.0, 2.0], "before": [8.0, 5.0, 6.0]}) == {
        "now": 2.0,
        "before": 6.0,
        "times": 3.0,
    }
