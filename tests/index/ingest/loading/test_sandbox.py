"""Reading in another process: what comes back, and what its death is."""

import os
import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from index.errors import EmptyArticle, InputError, LimitExceeded, UnreadableFile
from index.ingest.loading import Limits, load_all
from index.ingest.loading.file import File
from index.ingest.loading.registry import load_here
from index.ingest.loading.sandbox import SANDBOX, Sandbox
from tests.index.ingest.loading.files import WORDS, archive, endless_pdf, lines, page, pdf, rss

LIMITS = Limits()
ENDLESS = endless_pdf()

Start = Callable[..., Sandbox]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts sandboxes, with other programs than the real worker if so told."""
    started: list[Sandbox] = []

    def start(*program: str) -> Sandbox:
        started.append(Sandbox(program) if program else Sandbox())
        return started[-1]

    yield start
    for sandbox in started:
        sandbox.close()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", page(f"<h1>Ferries</h1><p>{WORDS}</p>")),
        ("a.md", f"# Ferries\n\n> {WORDS}".encode()),
        ("a.pdf", pdf(lines([WORDS]), lines(["It is slow."]), info="/Author(Ann)")),
        ("a.xml", rss(f"<description>{WORDS}</description>", "<title>Empty</title>")),
        ("a.zip", archive({"a.md": f"# A\n\n{WORDS} \U0001f600", "b.jsonl": '{"text": "Two."}'})),
    ],
)
def test_what_is_read_in_another_process_is_what_is_read_here(name: str, data: bytes) -> None:
    assert load_all(data, name) == load_here(File(data, name), LIMITS)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.pdf", b"%PDF-", UnreadableFile),
        ("a.html", page(""), EmptyArticle),
        ("a.zip", archive(dict.fromkeys("ab", WORDS)), LimitExceeded),
    ],
)
def test_a_refusal_is_the_same_error_as_here(
    name: str, data: bytes, error: type[InputError]
) -> None:
    limits = Limits(max_archive_members=1)
    with pytest.raises(error) as there:
        load_all(data, name, limits=limits)
    with pytest.raises(error) as here:
        load_here(File(data, name), limits)
    assert str(there.value) == str(here.value)
    assert vars(there.value) == vars(here.value)


def test_a_process_is_used_again_and_again(start: Start) -> None:
    sandbox = start("-c", COUNTING)
    assert [sandbox.load(File(b"", "a.pdf"), LIMITS).places for _ in range(3)] == [
        ("1",),
        ("2",),
        ("3",),
    ]


def test_a_process_that_died_while_idle_is_replaced(start: Start) -> None:
    sandbox = start("-c", COUNTING)
    assert sandbox.load(File(b"last", "a.pdf"), LIMITS).places == ("1",)
    for _ in range(200):  # it takes a moment to end
        if not sandbox._idle[0].fit:
            break
        threading.Event().wait(0.05)
    assert sandbox.load(File(b"", "a.pdf"), LIMITS).places == ("1",)


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limit")
def test_reading_that_computes_too_long_is_refused_by_limit_and_setting(start: Start) -> None:
    with pytest.raises(
        LimitExceeded,
        match=r"^reading 'a\.pdf' took more than the 0\.1 seconds of computing allowed: "
        "set PULLQUOTE_PARSER_SECONDS higher to take it$",
    ):
        start().load(File(ENDLESS, "a.pdf"), Limits(parser_seconds=0.1))


def test_reading_that_takes_too_long_is_refused_by_limit_and_setting(start: Start) -> None:
    with pytest.raises(
        LimitExceeded,
        match=r"^reading 'a\.pdf' took longer than the 0\.1 seconds allowed: "
        "set PULLQUOTE_PARSER_WAIT_SECONDS higher to take it$",
    ):
        start().load(File(ENDLESS, "a.pdf"), Limits(parser_wait_seconds=0.1))


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such limit")
def test_reading_that_takes_too_much_memory_is_refused_by_limit_and_setting(start: Start) -> None:
    bomb = archive({"a.txt": b"a " * 100_000_000})
    limits = Limits(
        parser_bytes=150_000_000,
        max_unpacked_ratio=2000,
        max_unpacked_bytes=300_000_000,
        max_file_bytes=300_000_000,
    )
    with pytest.raises(
        LimitExceeded,
        match=r"^reading 'a\.zip' took more than the 150,000,000 bytes of memory allowed: "
        "set PULLQUOTE_PARSER_BYTES higher to take it$",
    ):
        start().load(File(bomb, "a.zip"), limits)


def test_after_a_death_the_next_file_is_read(start: Start) -> None:
    sandbox = start()
    with pytest.raises(LimitExceeded):
        sandbox.load(File(ENDLESS, "a.pdf"), Limits(parser_wait_seconds=0.1))
    assert sandbox.load(File(pdf(lines([WORDS])), "b.pdf"), LIMITS).drafts[0].text == WORDS


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("raise SystemExit(3)", r"made its parser fail \(exit 3; it may use 1,000,000,000 bytes"),
        ("import os; os.kill(os.getpid(), 9)", r"made its parser fail \(exit -9;"),
        ("print('no frame', flush=True)", r"made its parser fail \(exit"),
        (
            "import sys; sys.stdout.buffer.write(b'\\xff' * 8); sys.stdout.flush(); input()",
            "made its parser fail",
        ),
    ],
)
def test_the_death_of_a_process_is_one_refused_file(
    start: Start, program: str, reason: str
) -> None:
    with pytest.raises(UnreadableFile, match=rf"^reading 'a\.pdf' {reason}") as refusal:
        start("-c", program).load(File(b"", "a.pdf"), LIMITS)
    assert refusal.value.field == "file"


ANSWERING = """
import sys
from index.ingest.loading import wire
source, sink = sys.stdin.buffer, sys.stdout.buffer
while True:
    wire.receive(source), wire.receive(source)
    wire.send(sink, KIND, ANSWER)
"""

COUNTING = """
import itertools, json, sys
from index.ingest.loading import wire
source, sink = sys.stdin.buffer, sys.stdout.buffer
draft = {"text": "a", "about": ["a", None, None, None], "tags": [], "headings": []}
draft["paragraphs"] = [[0, 1, None, None, [0, 1]]]
for count in itertools.count(1):
    head, data = wire.receive(source), wire.receive(source)
    answer = {"drafts": [draft], "refused": [], "places": [str(count)], "left_out": []}
    wire.send(sink, wire.LOADED, json.dumps(answer).encode())
    if data == b"last":
        break
"""


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b'{"drafts": [], "refused": [], "places": ["x"], "left_out": []}',
        b'{"drafts": [{"text": "a", "about": ["a", null, null, null], "tags": [], "headings": [], '
        b'"paragraphs": [[0, 2, null, null, [0, 2]]]}], "refused": [], "places": [""], '
        b'"left_out": []}',
        b'{"drafts": [{"text": "ab", "about": ["a", null, null, null], "tags": [], "headings": [], '
        b'"paragraphs": [[0, 2, null, null, [0, 2, 1, 2]]]}], "refused": [], "places": [""], '
        b'"left_out": []}',
    ],
)
def test_an_answer_that_cannot_be_is_one_refused_file(start: Start, answer: bytes) -> None:
    program = ANSWERING.replace("KIND", "wire.LOADED").replace("ANSWER", repr(answer))
    with pytest.raises(UnreadableFile, match=r"^'a\.pdf' was read into what cannot be \("):
        start("-c", program).load(File(b"", "a.pdf"), LIMITS)


def test_a_process_is_told_no_secret(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLQUOTE_SECRET", "s")
    program = ANSWERING.replace("KIND", "b'refused'").replace(
        "ANSWER", "json.dumps([str(sorted(os.environ)), 'UnreadableFile', None]).encode()"
    )
    with pytest.raises(UnreadableFile) as refusal:
        start("-c", f"import json, os\n{program}").load(File(b"", "a.pdf"), LIMITS)
    assert "PYTHONPATH" in str(refusal.value)
    assert "SECRET" not in str(refusal.value)


def test_many_threads_share_the_processes() -> None:
    texts: list[str] = []

    def read(number: int) -> None:
        data = rss(f"<description>Article {number}.</description>")
        texts.append(load_all(data, "a.xml").drafts[0].text)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts) == [f"Article {number}." for number in range(6)]
    assert len(SANDBOX._idle) <= (os.cpu_count() or 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")  # one thread is left
def test_a_forked_process_starts_its_own() -> None:
    load_all(rss(f"<description>{WORDS}</description>"), "a.xml")
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            loaded = load_all(rss("<description>In the child.</description>"), "a.xml")
            code = 0 if loaded.drafts[0].text == "In the child." else 2
            SANDBOX.close()
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert load_all(rss(f"<description>{WORDS}</description>"), "a.xml").drafts[0].text == WORDS
