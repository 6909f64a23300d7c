"""What a file shows and an article made of it does not hold, or holds in another form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NO_DATE = "date left out, for it cannot be read in one way"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many of a kind, such as ``struck passages left out``, and where in the file.

    ``place`` is ``""`` for the whole file, and else such as ``pages 3-5`` or ``#2``. A ``count``
    of 0 is a remark that nothing is counted of.
    """

    what: str
    count: int = 0
    place: str = ""

    def __str__(self) -> str:
        number = f"{self.what}: {self.count:,}" if self.count else self.what
        return f"{number} ({self.place})" if self.place else number


def left_out_of(counts: Mapping[str, int]) -> tuple[LeftOut, ...]:
    """The kinds that were met, in the order of their names."""
    return tuple(LeftOut(what, count) for what, count in sorted(counts.items()) if count)


def placed(left_out: Iterable[LeftOut], place: str) -> tuple[LeftOut, ...]:
    """What was left out of a part, with the part's place before its own."""
    return tuple(LeftOut(one.what, one.count, f"{place} {one.place}".strip()) for one in left_out)
