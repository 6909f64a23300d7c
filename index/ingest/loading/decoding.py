"""From a file's bytes to its text, or to the reason why there is none."""

import codecs
import re
import unicodedata
from contextlib import suppress

from charset_normalizer import from_bytes

from index.errors import EmptyArticle, UnreadableFile
from index.ingest.loading.left_out import LeftOut
from index.ingest.segmenting import has_words

# Longer marks first: that of UTF-32 begins like that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Those that are only told by their mark; without it they match almost anything.
_NEVER_GUESSED = ["utf_7", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le"]

MOST_CONTROLS = 0.01
# What charset-normalizer calls the share of a text that makes no sense, in percent.
MOST_CHAOS = 10.0
# A text with more bytes beyond ASCII is in no western language.
MOST_HIGH_BYTES = 0.2
# So few letters beyond ASCII are names or loan words, whatever they are.
FEW_LETTERS = 32
SPARSE_LETTERS = 0.05
_WESTERN_LETTERS = tuple(
    frozenset(letters)
    for letters in (
        "àâäæçéèêëîïôœùûüÿ",  # French
        "äöüßé",  # German
        "áéíñóúüªº",  # Spanish
        "àèéìíòóùú",  # Italian
        "àáâãçéêíóôõúüªº",  # Portuguese
        "àçèéíïòóúü",  # Catalan
        "áèéêëïóöü",  # Dutch
        "åäæéöøü",  # Danish, Norwegian, Swedish, Finnish
        "áæéíðóöúýþ",  # Icelandic
    )
)

_UNFIT = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_CONTROL_BYTE = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_INSIDE_WORD = re.compile(r"(?<=[^\W\d_])[^\x00-\x7f](?=[^\W\d_])")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")


def decode(data: bytes, name: str, charset: str = "") -> str:
    """The text of a file, exactly as it is but for a byte order mark at its start.

    Its byte order mark decides, else it is UTF-8 if it can be, else in the ``charset`` that its
    sender names, else Windows-1252 if it reads like a western language, else what
    charset-normalizer takes it for beyond doubt. Raises ``UnreadableFile`` (binary, or not to be
    decoded) and ``EmptyArticle`` (no letter or digit), with the field ``file``.
    """
    return read(data, name, charset)[0]


def read(data: bytes, name: str, charset: str = "") -> tuple[str, tuple[LeftOut, ...]]:
    """Like ``decode``, and what to tell of it: an encoding that was guessed."""
    text, guessed = _decoded(data, name, charset)
    reason = why_unfit(text)
    if reason:
        raise _binary(name, reason)
    if not has_words(text):
        raise EmptyArticle(f"{name!r} holds no text: give a file with words in it", field="file")
    return text, (LeftOut(f"its encoding was guessed: {guessed}"),) if guessed else ()


def decode_as(data: bytes, encoding: str) -> str:
    """The text in an encoding by the name of Python's, as browsers read it.

    Raises ``UnicodeDecodeError``. The few bytes that Windows' encodings leave open are controls.
    """
    return data.decode(encoding, _OPEN_BYTES if encoding.startswith("cp") else "strict")


def _open_byte(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.encoding in _WINDOWS:
        return chr(error.object[error.start]), error.start + 1
    raise error


_WINDOWS = frozenset(
    ("charmap", "cp1252", "cp1253", "cp1254", "cp1255", "cp1257", "cp1258", "cp874")
)
_OPEN_BYTES = "pullquote.open-bytes"
codecs.register_error(_OPEN_BYTES, _open_byte)


def why_unfit(text: str) -> str | None:
    """What makes the text no article: a NUL, a lone surrogate or many control characters."""
    unfit = _UNFIT.search(text)
    if unfit:
        kind = "NUL character" if unfit[0] == "\0" else "lone surrogate"
        return f"a {kind} (U+{ord(unfit[0]):04X}) at character {unfit.start()}"
    return _why_controlled(len(_CONTROL.findall(text)), len(text))


def _why_controlled(controls: int, length: int) -> str | None:
    if controls > MOST_CONTROLS * length:
        return f"{controls} control characters among {length}"
    return None


def _decoded(data: bytes, name: str, charset: str) -> tuple[str, str]:
    """The text, and the encoding's name if it was guessed."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, name), ""
    nul = data.find(0)
    if nul >= 0:
        raise _binary(name, f"a NUL byte at byte {nul}")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return _other(data, name, charset, error)


def _other(data: bytes, name: str, charset: str, error: UnicodeDecodeError) -> tuple[str, str]:
    reason = _why_controlled(len(_CONTROL_BYTE.findall(data)), len(data))
    if reason:
        raise _binary(name, reason)
    if charset and not charset.startswith("utf"):
        with suppress(UnicodeDecodeError, ValueError):
            return decode_as(data, charset), ""
    if _is_damaged_utf8(data):
        raise _undecodable(name, f"is UTF-8 with a broken character at byte {error.start}")
    western = _as_western(data)
    if western is not None:
        return western, "windows-1252"
    best = from_bytes(data, cp_exclusion=_NEVER_GUESSED).best()
    if best is None:
        raise _undecodable(name, "is in no character encoding that could be recognised")
    if best.percent_chaos > MOST_CHAOS:
        raise _undecodable(name, f"may be {best.encoding} or another character encoding")
    return _strictly(data, best.encoding, name), best.encoding


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(
            name, f"looks like {encoding} but breaks off it at byte {error.start}"
        ) from error


def _is_damaged_utf8(data: bytes) -> bool:
    """More UTF-8 characters than broken ones: to take it for another encoding would garble it."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for character in text if character > "\x7f") - broken
    return whole > broken


def _as_western(data: bytes) -> str | None:
    """The text in Windows-1252 if that makes sense, and else None.

    This comes before charset-normalizer because that takes "It\x92s late." for Chinese, a French
    article for Central European and a German sentence for one from DOS, each without a doubt.
    """
    if len(_HIGH_BYTE.findall(data)) > MOST_HIGH_BYTES * len(data):
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    letters = [
        character for character in text.lower() if character > "\x7f" and character.isalpha()
    ]
    few = len(letters) < FEW_LETTERS and len(letters) <= SPARSE_LETTERS * len(text)
    of_one_language = any(language.issuperset(letters) for language in _WESTERN_LETTERS)
    return text if (few or of_one_language) and not _has_sign_in_word(text) else None


def _has_sign_in_word(text: str) -> bool:
    return any(
        text[place] in "¡¿" or unicodedata.category(text[place])[0] in "SN"
        for place in (inside.start() for inside in _INSIDE_WORD.finditer(text))
    )


def _binary(name: str, reason: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name!r} is binary ({reason}): save it as plain text in UTF-8", field="file"
    )


def _undecodable(name: str, what: str) -> UnreadableFile:
    return UnreadableFile(f"{name!r} {what}: save it as UTF-8", field="file")
