"""Identity: what names an article, its text and a whole library, the same in every engine."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from index.article import Draft, Heading, Paragraph, id_of, revision_of


@dataclass(frozen=True, slots=True)
class Identity:
    """What names a draft.

    ``article_id`` is stable for its source or, without one, for its text. ``text_id`` names the
    text with its structure, and ``fingerprint`` all that a library keeps of it: each 64
    hexadecimal digits, the same for the same. ``revision`` names the text alone.
    """

    article_id: str
    text_id: str
    fingerprint: str
    revision: str


def identify(draft: Draft) -> Identity:
    """Costs about as much as hashing the text and its offsets: do it once."""
    article_id, revision = id_of(draft), revision_of(draft.text)
    text_id = _digest(
        revision,
        [_paragraph_parts(paragraph) for paragraph in draft.paragraphs],
        [_heading_parts(heading) for heading in draft.headings],
    )
    fingerprint = _digest(
        article_id,
        text_id,
        draft.title,
        draft.source,
        draft.published,
        draft.author,
        draft.tags,
    )
    return Identity(article_id, text_id, fingerprint, revision)


def library_revision(fingerprints: Iterable[str], difference: int = 0) -> str:
    """The revision of a library with articles of these fingerprints: their sum modulo 2^256.

    A sum does not depend on the order and can be kept up to date article by article, by adding
    the ``difference`` (Bellare and Micciancio 1997, "A new paradigm for collision-free hashing",
    AdHash).
    """
    total = sum(int(fingerprint, 16) for fingerprint in fingerprints) + difference
    return format(total % (1 << 256), "064x")


def paragraph_id(text_id: str, number: int) -> int:
    """63 bits that name a paragraph's content and place, whenever and wherever it is added.

    So an id never comes to mean another paragraph, and the order of ids, which parts what is
    equal otherwise, is that of any library with the same articles.
    """
    digest = hashlib.sha256(f"{text_id}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def _paragraph_parts(paragraph: Paragraph) -> list[object]:
    return [
        paragraph.number,
        [paragraph.span.start, paragraph.span.end],
        [[sentence.start, sentence.end] for sentence in paragraph.sentences],
        _heading_parts(paragraph.heading) if paragraph.heading else None,
        paragraph.page,
    ]


def _heading_parts(heading: Heading) -> list[object]:
    return [heading.span.start, heading.span.end, heading.level]


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()
