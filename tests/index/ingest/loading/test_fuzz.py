"""Any bytes under any name are loaded or refused, and what is loaded holds in its text."""

import json
import os
from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Draft
from index.errors import InputError
from index.ingest.loading import Limits, Loaded
from index.ingest.loading.file import File
from index.ingest.loading.registry import LOADERS, load_here
from index.ingest.loading.wire import decode, encode
from tests.index.ingest.loading.files import WORDS, Placed, archive, document, lines, page, pdf, rss

HTML = page(
    f"<article><h1>Ferries</h1><p>{WORDS} It is &eacute; slow.</p><ul><li>One<li>Two</ul>"
    "<table><tr><td>a</td><td>b</td></tr></table><pre>x\n y</pre></article>",
    "<meta name='author' content='Ann'><link rel=canonical href='https://a.example/'>"
    "<meta property='article:published_time' content='2025-02-11'>",
)
PDF = pdf(
    [Placed("Ferries", y=760, size=20), *lines(["It leaves at noon, says the mu-", "nicipality."])],
    lines([WORDS, "It is slow."], x=300),
    info="/Title(Ferries)/Author(Ann)",
)
DOCX = document(("Ferries", "Heading 1"), (WORDS, ""), ("One", "List Bullet"), author="Ann")
FEED = rss(
    f"<title>One</title><link>https://a.example/1</link><description>&lt;p&gt;{WORDS}&lt;/p&gt;"
    "</description><pubDate>Tue, 11 Feb 2025 08:30:00 GMT</pubDate>",
    "<description>Two.</description>",
)
JSON = json.dumps({"text": WORDS, "tags": ["a"], "published": "2025-02-11"}).encode()
LINES = b'{"text": "One."}\n{"text": "Two.", "author": ["Ann"]}\n'
ZIP = archive({"a.txt": WORDS, "b.md": "# B\n\nText.", "c/d.jsonl": LINES, "e.html": HTML})
STORED = archive({"a.xml": FEED, "b.docx": DOCX, "c.zip": archive({"d.txt": WORDS})}, deflate=False)
MARKDOWN = b"---\ntitle: A\n---\n# B\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
"""Files tried of each format: few in every test run, many when somebody asks for it."""

FORMATS = {
    "a.html": (HTML,),
    "a.pdf": (PDF,),
    "a.docx": (DOCX,),
    "a.xml": (FEED,),
    "a.json": (JSON,),
    "a.jsonl": (LINES,),
    "a.zip": (ZIP, STORED),
    "a.md": (MARKDOWN,),
    "a.txt": (WORDS.encode(),),
}

TOKENS = (
    *(
        b"<",
        b">",
        b"</p>",
        b"<p>",
        b"<table>",
        b"<td>",
        b"<br>",
        b"<!--",
        b"&",
        b"<![CDATA[",
        b"]]>",
    ),
    *(b"<rss>", b"<item>", b"<html>", b"<!DOCTYPE", b'<?xml version="1.0"?>', b"<description>"),
    *(b"{", b"}", b"[", b'"text":', b'"a"', b",", b"\n", b"null", b"1e999", b"\\ud800"),
    *(
        b"obj",
        b"endobj",
        b"stream\n",
        b"BT ",
        b" Tj ",
        b"(a)",
        b"<<",
        b">>",
        b"/Length 9",
        b"1 0 R",
    ),
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"PK\x01\x02", b"%PDF-", b"#"),
)


@st.composite
def mutated(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """A file with some places overwritten, cut out, repeated or broken off."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        match draw(st.integers(0, 4)):
            case 0:
                data[start:end] = draw(st.binary(max_size=8))
            case 1:
                del data[start:end]
            case 2:
                data[start:start] = data[start:end] * draw(st.integers(1, 20))
            case 3:
                data[start:end] = draw(st.sampled_from(TOKENS))
            case _:
                del data[start:]
    return bytes(data)


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_loaded_or_refused(name: str, data: st.DataObject) -> None:
    assert_loads_or_refuses(data.draw(mutated(FORMATS[name])), name)


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.binary(max_size=300) | st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join))
@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes_are_loaded_or_refused_by_the_loader_of_a_name(name: str, data: bytes) -> None:
    assert_loads_or_refuses(data, name)


def assert_loads_or_refuses(data: bytes, name: str) -> None:
    """By the loader that the content chooses, and by the one that the name does."""
    file = File(data, name)
    by_name = next(loader for loader in LOADERS if file.suffix in loader.suffixes)
    for load in (load_here, by_name.load):
        loaded = loaded_or_none(load, file)
        if loaded is None:
            continue
        assert len(loaded.places) == len(loaded.drafts)
        for draft in loaded.drafts:
            assert_holds(draft)
        assert decode(encode(loaded)) == loaded


def loaded_or_none(load: Callable[[File, Limits], Loaded], file: File) -> Loaded | None:
    """None for a file that is refused as files are."""
    refusal: InputError | None = None
    try:
        return load(file, Limits())
    except InputError as error:
        refusal = error
    assert refusal.field == "file"
    assert repr(file.name) in str(refusal)
    return None


def assert_holds(draft: Draft) -> None:
    """That every place lies in the text, in order, and the sentences are all of a paragraph."""
    draft.validate()
    draft.text.encode()
    assert draft.title.strip() == draft.title != ""
    for paragraph in draft.paragraphs:
        whole = paragraph.span.of(draft.text)
        assert whole == whole.strip() != ""
        kept = "".join(sentence.of(draft.text) for sentence in paragraph.sentences)
        assert "".join(kept.split()) == "".join(whole.split())


@given(data=st.data())
@settings(deadline=None, max_examples=30)
def test_a_changed_draft_does_not_pass_for_one_that_holds(data: st.DataObject) -> None:
    """The check itself: a place that is moved out of its order or text is found."""
    (draft,) = load_here(File(b"One two.\n\nThree four.", "a.txt"), Limits()).drafts
    document = json.loads(encode(load_here(File(draft.text.encode(), "a.txt"), Limits())))
    paragraph = data.draw(st.sampled_from(document["drafts"][0]["paragraphs"]))
    paragraph[1] = data.draw(st.integers(paragraph[1] + 3, 2**40))
    with pytest.raises(ValueError, match=r"parts|span|lies outside|overlaps"):
        decode(json.dumps(document).encode())
