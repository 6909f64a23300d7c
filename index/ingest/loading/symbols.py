"""Characters of symbol fonts, which give pictures to codes of their own, as Unicode."""

UNKNOWN = "\ufffd"
"""Stands where something was shown that cannot be told."""

# Adobe's Symbol font, code by code from 0x20 and from 0xA0.
_SYMBOL = dict(
    enumerate(
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
        "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
        0x20,
    )
) | dict(
    enumerate(
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…│─↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
        "◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\ufffd〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        0xA0,
    )
)
_WINGDINGS = {
    0x20: " ", 0x21: "✏", 0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x41: "✌",
    0x43: "👍", 0x44: "👎", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟", 0x4A: "☺", 0x4B: "😐",
    0x4C: "☹", 0x4E: "☠", 0x51: "✈", 0x52: "☼", 0x54: "❄", 0x58: "✠", 0x59: "✡", 0x5A: "☪",
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖",
    0x77: "⬥", 0x78: "⌧", 0x81: "①", 0x82: "②", 0x83: "③", 0x84: "④", 0x85: "⑤", 0x86: "⑥",
    0x87: "⑦", 0x88: "⑧", 0x89: "⑨", 0x8A: "⑩", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA7: "▪",
    0xA8: "◻", 0xAB: "★", 0xB2: "⟡", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE7: "⬅", 0xE8: "➔", 0xE9: "⬆", 0xEA: "⬇", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧",
    0xF2: "⇩", 0xF3: "⬄", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA2: "■",
    0xA3: "□", 0xA4: "▢",
}  # fmt: skip
_WEBDINGS = {0x61: "✓", 0x63: "□", 0x67: "■", 0x6E: "●", 0x72: "✗", 0x69: "ℹ", 0x98: "★"}
_FONTS = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "webdings": _WEBDINGS,
}
_PRIVATE = 0xF000


def has_own_codes(font: str) -> bool:
    """Whether a font gives pictures of its own to the codes of letters."""
    return font.strip().lower() in _FONTS


def symbol(code: int, font: str) -> str:
    """The character of a code in a symbol font, ``UNKNOWN`` where it is not known.

    Codes from 0xF000 on are those of the font itself, others above 0xFF are Unicode.
    """
    own = code - _PRIVATE if _PRIVATE <= code < _PRIVATE + 0x100 else code
    table = _FONTS.get(font.strip().lower())
    if own > 0xFF:
        return chr(code) if code < 0x110000 and not 0xE000 <= code <= 0xF8FF else UNKNOWN
    if table is not None:
        return table.get(own, UNKNOWN)
    if own == code:
        return chr(code)
    return _SYMBOL.get(own, UNKNOWN)  # what programs write without saying the font


def in_font(text: str, font: str) -> str:
    """A text that is set in a font: as it is, unless its codes are the font's own."""
    if not has_own_codes(font) and not any("\uf000" <= sign <= "\uf0ff" for sign in text):
        return text
    own = has_own_codes(font)
    return "".join(
        symbol(ord(sign), font)
        if (own and ord(sign) < 0x100) or "\uf000" <= sign <= "\uf0ff"
        else sign
        for sign in text
    )
