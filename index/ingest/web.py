"""Pages, files and feeds from the web into a library, one after the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from index.article import Draft
from index.errors import InputError
from index.ingest.fetching.fetched import Fetched
from index.ingest.fetching.sources import load_fetched
from index.ingest.files import Label, Status, Taker
from index.ingest.loading import Limits
from index.ingest.loading.left_out import LeftOut


@dataclass(frozen=True, slots=True)
class WebOutcome:
    """What became of an address, here ``path``, or of one article of it; see ``Outcome``."""

    path: str
    status: Status
    reason: str = ""
    article: Label | None = None
    place: str = ""
    left_out: tuple[LeftOut, ...] = ()


def taking_in_addresses(
    library: Taker, urls: Iterable[str], fetch: Callable[[str], Fetched], limits: Limits
) -> Iterator[WebOutcome]:
    """Take what is at the addresses into the library, and tell of each article once it is in.

    What cannot be fetched or used is refused, with the reason, and the others still go in.
    Raises whatever ``LibraryError`` or ``ModelError`` the library raises.
    """
    for url in urls:
        try:
            loaded = load_fetched(fetch(url), limits)
        except InputError as error:
            yield WebOutcome(url, "refused", str(error))
            continue
        left_out = loaded.left_out
        for draft, place in zip(loaded.drafts, loaded.places, strict=True):
            yield replace(_added(library, url, draft, place), left_out=left_out)
            left_out = ()
        for refused in loaded.refused:
            yield WebOutcome(url, "refused", refused.reason, place=refused.name)


def _added(library: Taker, url: str, draft: Draft, place: str) -> WebOutcome:
    try:
        addition = library.add(draft)
    except InputError as error:
        return WebOutcome(url, "refused", str(error), place=place)
    article = addition.article
    label = Label(article.id, article.title, article.source, article.revision)
    return WebOutcome(url, addition.status, article=label, place=place)
