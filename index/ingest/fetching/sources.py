"""What is fetched as articles, each under a source of the place that it came from.

A source identifies an article: another text of the same source replaces it. So whoever writes a
page may name any page of the same host as its source, and none of another.
"""

from dataclasses import replace
from urllib.parse import quote, urldefrag

from index.article import Draft
from index.errors import InputError
from index.ingest.fetching.address import WebAddress, is_web_address, read_address, refusal
from index.ingest.fetching.fetched import Fetched
from index.ingest.loading import Limits, Loaded, Refused, load_all


def load_fetched(fetched: Fetched, limits: Limits) -> Loaded:
    """All articles of a page, file or feed, and what in it was refused.

    Those that are refused are named by their places, as in ``Loaded.places``.

    A draft's source is the address that it gives of itself if that is on the host it was fetched
    from, and always of the scheme by which it was. Else it is the address it was fetched from
    and, of one among several, what it gives of itself or its place, after a ``#``.

    Raises ``InputError`` (field ``url``) when nothing of it can be used.
    """
    try:
        loaded = load_all(fetched.data, fetched.name, fetched.content_type, limits)
    except InputError as error:
        raise refusal(fetched.address, f"cannot be used: {error}") from error
    drafts: dict[str, tuple[Draft, str]] = {}
    refused = [Refused(_place(one, fetched), one.reason) for one in loaded.refused]
    for draft, place in zip(loaded.drafts, loaded.places, strict=True):
        source = _source(draft.source or "", place, fetched.address)
        if source in drafts:
            reason = f"an article before it has the same source, {source!r}: give each its own"
            refused.append(Refused(place, reason))
        else:
            drafts[source] = replace(draft, source=source), place
    parts = drafts.values()
    return Loaded(
        tuple(draft for draft, _ in parts),
        tuple(refused),
        tuple(place for _, place in parts),
        loaded.left_out,
    )


def _place(refused: Refused, fetched: Fetched) -> str:
    return refused.name.removeprefix(fetched.name) or refused.name


def _source(claimed: str, place: str, address: WebAddress) -> str:
    own = _own(claimed, place, address)
    if own or not place:
        return own or str(address)
    return f"{address}#{quote(claimed, safe='/:?=&')}" if claimed else f"{address}{place}"


def _own(claimed: str, place: str, address: WebAddress) -> str | None:
    """The address that an article claims, if it is of the host that it came from."""
    if not is_web_address(claimed):
        return None
    try:
        named = read_address(claimed)
    except InputError:
        return None
    if not named.is_on_host_of(address):
        return None
    if not place and named.target == "/" != address.target:
        return None  # Some sites call every page their front page; then each would replace another.
    fragment = quote(urldefrag(claimed).fragment, safe="/:?=&")
    own = replace(named, scheme=address.scheme, port=address.port)
    return f"{own}#{fragment}" if fragment else str(own)
