"""Formulas as a line of text, in the manner of UnicodeMath: ``(a+b)/2``, ``x²``, ``√(2gh)``.

MathML and the formulas of word processors (OMML) say the same by other names.
"""

import re
from collections.abc import Callable
from typing import Any

from index.ingest.loading.scripts import Run, joined

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_RISES = re.compile(r"[0-9+\-−n]+")
_FALLS = re.compile(r"[0-9+\-−]+")
_INVISIBLE = re.compile("[\u2061-\u2064]")
_RELATIONS = frozenset("= ≠ < > ≤ ≥ ≈ ≡ ∼ ≃ ≅ → ⇒ ↔ ⇔ ∈ ∉ ⊂ ⊆ := ∝ ± × ÷ ≪ ≫ + − -".split())
_WHITE_SPACE = re.compile(r"\s+")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_SIMPLE = re.compile(r"[\w.,∞°%′]+|[√∛∜]?\([^()]*\)|\[[^\[\]]*\]")


def fraction(above: str, below: str) -> str:
    return f"{_grouped(above)}/{_grouped(below)}"


def raised(base: str, power: str) -> str:
    if not power:
        return base
    if _RISES.fullmatch(power) and base:
        return _grouped(base) + joined([Run("x"), Run(power, 1)])[1:]
    return f"{_grouped(base)}^{_grouped(power)}"


def lowered(base: str, index: str) -> str:
    if not index:
        return base
    if _FALLS.fullmatch(index) and base:
        return base + joined([Run("1"), Run(index, -1)])[1:]
    return f"{base}_{_grouped(index)}"


def root(radicand: str, degree: str = "") -> str:
    sign = _ROOTS.get(degree)
    return f"{sign}({radicand})" if sign else f"√({degree}&{radicand})"


def _grouped(text: str) -> str:
    return text if not text or _SIMPLE.fullmatch(text) else f"({text})"


def of_mathml(math: Any) -> str:
    """The text of a ``math`` element of lxml's."""
    return _WHITE_SPACE.sub(" ", _mathml(math)).strip()


def of_omml(math: Any) -> str:
    """The text of an ``m:oMath`` element of lxml's."""
    return _WHITE_SPACE.sub(" ", _omml(math)).strip()


def _mathml(element: Any) -> str:
    tag = _local(element)
    parts = [child for child in element if isinstance(child.tag, str)]
    if tag in ("mi", "mn", "mtext", "ms", "mo"):
        text = _INVISIBLE.sub("", "".join(element.itertext())).strip()
        spaced = tag == "mo" and text in _RELATIONS and _is_infix(element)
        return f" {text} " if spaced else f" {text} " if tag == "mtext" else text
    if tag in ("annotation", "annotation-xml", "mphantom", "none", "mprescripts"):
        return ""
    if tag == "mspace":
        return " "
    if tag == "semantics":
        return _mathml(parts[0]) if parts else ""
    whole = [_mathml(part) for part in parts]
    inner = [text.strip() for text in whole]
    build = _MATHML.get(tag)
    if build and len(inner) == build[0]:
        return build[1](*inner)
    if tag == "msqrt":
        return root("".join(whole).strip())
    if tag == "mfenced":
        between = element.get("separators", ",").strip()[:1] or ","
        opened, closed = element.get("open", "("), element.get("close", ")")
        return f"{opened}{f'{between} '.join(inner)}{closed}"
    if tag == "mtr":
        return ", ".join(inner)
    if tag == "mtable":
        return "[" + "; ".join(inner) + "]" if len(inner) > 1 else "".join(inner)
    tails = (text + (part.tail or "") for text, part in zip(whole, parts, strict=True))
    return "".join((element.text or "", *tails))


def _both(base: str, index: str, power: str) -> str:
    return raised(lowered(base, index), power) if index else raised(base, power)


_MATHML: dict[str, tuple[int, Callable[..., str]]] = {
    "mfrac": (2, fraction),
    "msup": (2, raised),
    "msub": (2, lowered),
    "msubsup": (3, _both),
    "mroot": (2, root),
    "munder": (2, lowered),
    "mover": (2, lambda base, over: base + over if len(over) == 1 else raised(base, over)),
    "munderover": (3, _both),
}


def _is_infix(element: Any) -> bool:
    return element.getprevious() is not None and element.getnext() is not None


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _omml(element: Any) -> str:
    if not isinstance(element.tag, str) or not element.tag.startswith(M):
        return ""
    tag = element.tag[len(M) :]
    if tag == "t":
        return element.text or ""
    if tag.endswith("Pr"):
        return ""
    build = _OMML.get(tag)
    if build:
        names, make = build
        return make(*(_part(element, name) for name in names))
    if tag == "nary":
        sign = _said(element, "chr", "∫")
        whole = _both(sign, _part(element, "sub"), _part(element, "sup"))
        return f"{whole} {_part(element, 'e')}"
    if tag == "d":
        parts = f"{_said(element, 'sepChr', '|')}".join(
            _omml(part).strip() for part in element.findall(M + "e")
        )
        return _said(element, "begChr", "(") + parts + _said(element, "endChr", ")")
    if tag == "m":
        rows = (", ".join(_omml(e).strip() for e in row) for row in element.findall(M + "mr"))
        return "[" + "; ".join(rows) + "]"
    if tag == "eqArr":
        return "; ".join(_omml(part).strip() for part in element.findall(M + "e"))
    if tag == "acc":
        return _part(element, "e") + _said(element, "chr", "\u0302")
    return "".join(_omml(child) if child.tag != M + "r" else _run(child) for child in element)


def _run(run: Any) -> str:
    text = "".join(t.text or "" for t in run.iter(M + "t"))
    spaced = text.strip() in _RELATIONS and _is_infix(run)
    return f" {text.strip()} " if spaced else text


def _part(element: Any, name: str) -> str:
    found = element.find(M + name)
    return "" if found is None else _omml(found).strip()


def _said(element: Any, name: str, default: str) -> str:
    found = element.find(f"{M}{element.tag[len(M) :]}Pr/{M}{name}")
    return default if found is None else str(found.get(M + "val", ""))


_OMML: dict[str, tuple[tuple[str, ...], Callable[..., str]]] = {
    "f": (("num", "den"), fraction),
    "sSup": (("e", "sup"), raised),
    "sSub": (("e", "sub"), lowered),
    "sSubSup": (("e", "sub", "sup"), _both),
    "sPre": (("sub", "sup", "e"), lambda low, high, base: _both("", low, high) + base),
    "rad": (("e", "deg"), root),
    "func": (("fName", "e"), lambda name, e: f"{name} {e}" if e[:1] != "(" else name + e),
    "limLow": (("e", "lim"), lowered),
    "limUpp": (("e", "lim"), raised),
}
