"""What a file held."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from index.article import Draft
from index.errors import LimitExceeded
from index.ingest.loading.left_out import LeftOut, placed
from index.ingest.loading.limits import Limits


@dataclass(frozen=True, slots=True)
class Refused:
    """An article in a file that cannot be used; ``name`` is the file's and its place in it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The drafts of a file's articles in order, and what in it was refused.

    ``places`` says of each draft where in the file it is: ``""`` for the whole file,
    ``/notes/a.md`` for a member of an archive, ``#3`` for the third of a list, or one after the
    other. A draft's ``source`` is only set when the file itself names it. ``left_out`` is what
    the file shows and the drafts do not hold, or hold in another form.
    """

    drafts: tuple[Draft, ...] = ()
    refused: tuple[Refused, ...] = ()
    places: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @classmethod
    def one(cls, draft: Draft, left_out: Iterable[LeftOut] = ()) -> "Loaded":
        """A file that is one article."""
        return cls((draft,), places=("",), left_out=tuple(left_out))

    @classmethod
    def many(cls, parts: Iterable["Draft | Refused | Loaded"], places: Iterable[str]) -> "Loaded":
        """A file that holds others, each at its place."""
        drafts: list[Draft] = []
        refused: list[Refused] = []
        at: list[str] = []
        left_out: list[LeftOut] = []
        for part, place in zip(parts, places, strict=True):
            inner = _loaded(part)
            drafts += inner.drafts
            refused += inner.refused
            at += [place + further for further in inner.places]
            left_out += placed(inner.left_out, place)
        return cls(tuple(drafts), tuple(refused), tuple(at), tuple(left_out))

    def within(self, limits: Limits, name: str) -> "Loaded":
        """Without the articles that have too many paragraphs, which are refused.

        Raises ``LimitExceeded`` for the only one.
        """
        if len(self.drafts) == 1 and not self.refused:
            limits.check_paragraphs(self.drafts[0], name)
        checked = self._checked(limits, name)
        return replace(checked, refused=checked.refused + self.refused, left_out=self.left_out)

    def _checked(self, limits: Limits, name: str) -> "Loaded":
        parts: list[Draft | Refused] = []
        for draft, place in zip(self.drafts, self.places, strict=True):
            try:
                limits.check_paragraphs(draft, name + place)
                parts.append(draft)
            except LimitExceeded as error:
                parts.append(Refused(name + place, str(error)))
        return Loaded.many(parts, self.places)

    def sourced(self, source: str) -> Iterator[Draft]:
        """The drafts, each with a source: its own or, of the file's ``source``, its place."""
        for draft, place in zip(self.drafts, self.places, strict=True):
            yield draft if draft.source else replace(draft, source=source + place)


def _loaded(part: "Draft | Refused | Loaded") -> Loaded:
    if isinstance(part, Loaded):
        return part
    return Loaded.one(part) if isinstance(part, Draft) else Loaded(refused=(part,))
