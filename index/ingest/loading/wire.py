"""What goes between the process that asks for a file to be read and the one that reads it.

A frame is eight bytes of length, big-endian, and so many bytes. Results are JSON and not pickles,
for the process that reads hostile files is not to be trusted.
"""

import json
from typing import IO, Any

from index.article import Draft, Heading, Paragraph, Span
from index.errors import EmptyArticle, InputError, LimitExceeded, UnreadableFile
from index.ingest.loading.left_out import LeftOut
from index.ingest.loading.loaded import Loaded, Refused

LENGTH_BYTES = 8

LOADED, REFUSED, NO_MEMORY = b"loaded", b"refused", b"no memory"
"""The kinds of answers, each a frame before the frame with the answer."""

_ERRORS = {kind.__name__: kind for kind in (EmptyArticle, UnreadableFile)}


def send(stream: IO[bytes], *frames: bytes) -> None:
    """Raises ``OSError`` when nobody is there to take them."""
    for frame in frames:
        stream.write(len(frame).to_bytes(LENGTH_BYTES, "big"))
        stream.write(frame)
    stream.flush()


def receive(stream: IO[bytes], most: int | None = None) -> bytes:
    """The next frame. Raises ``EOFError`` when it breaks off or is of more than ``most`` bytes."""
    length = int.from_bytes(_exactly(stream, LENGTH_BYTES), "big")
    if most is not None and length > most:
        raise EOFError(f"a frame of {length} bytes")
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError("the other end is gone")
    return data


def encode(loaded: Loaded) -> bytes:
    """A frame of what was loaded."""
    document = {
        "drafts": [_draft_document(draft) for draft in loaded.drafts],
        "refused": [[refused.name, refused.reason] for refused in loaded.refused],
        "places": loaded.places,
        "left_out": [[one.what, one.count, one.place] for one in loaded.left_out],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def decode(frame: bytes) -> Loaded:
    """What was loaded. Raises ``ValueError`` unless every place lies in its text, in order."""
    try:
        document = json.loads(frame)
        loaded = Loaded(
            tuple(_draft(one) for one in document["drafts"]),
            tuple(Refused(str(name), str(reason)) for name, reason in document["refused"]),
            tuple(map(str, document["places"])),
            tuple(
                LeftOut(str(what), int(number), str(place))
                for what, number, place in document["left_out"]
            ),
        )
    except (ArithmeticError, LookupError, RecursionError, TypeError) as error:
        raise ValueError(f"no result: {error!r}") from error
    if len(loaded.places) != len(loaded.drafts):
        raise ValueError("a draft is without a place")
    for draft in loaded.drafts:
        draft.validate()
    return loaded


def encode_refusal(error: InputError) -> bytes:
    """A frame of why a file was refused."""
    setting = error.setting if isinstance(error, LimitExceeded) else None
    return json.dumps([str(error), type(error).__name__, setting]).encode()


def decode_refusal(frame: bytes) -> InputError:
    """Raises ``ValueError`` for what is none."""
    message, kind, setting = json.loads(frame)
    if setting:
        return LimitExceeded(str(message), str(setting))
    return _ERRORS.get(kind, UnreadableFile)(str(message), field="file")


def _draft_document(draft: Draft) -> dict[str, Any]:
    places = {heading.span.start: number for number, heading in enumerate(draft.headings)}
    return {
        "text": draft.text,
        "about": [draft.title, draft.source, draft.published, draft.author],
        "tags": draft.tags,
        "headings": [[h.span.start, h.span.end, h.level] for h in draft.headings],
        "paragraphs": [
            [
                *(p.span.start, p.span.end),
                places[p.heading.span.start] if p.heading else None,
                p.page,
                [place for sentence in p.sentences for place in (sentence.start, sentence.end)],
            ]
            for p in draft.paragraphs
        ],
    }


def _draft(document: dict[str, Any]) -> Draft:
    title, source, published, author = document["about"]
    headings = tuple(
        Heading(Span(start, end), int(level)) for start, end, level in document["headings"]
    )
    return Draft(
        text=str(document["text"]),
        paragraphs=tuple(
            Paragraph(
                number=number,
                span=Span(start, end),
                sentences=tuple(map(Span, places[::2], places[1::2])),
                heading=None if heading is None else headings[heading],
                page=None if page is None else int(page),
            )
            for number, (start, end, heading, page, places) in enumerate(document["paragraphs"], 1)
        ),
        headings=headings,
        title=str(title),
        source=_maybe(source),
        published=_maybe(published),
        author=_maybe(author),
        tags=tuple(map(str, document["tags"])),
    )


def _maybe(value: Any) -> str | None:
    return None if value is None else str(value)
