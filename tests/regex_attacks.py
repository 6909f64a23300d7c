"""Every regular expression of the project, and texts made from each to slow it down."""

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from re import _constants, _parser  # the engine's own parser
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]
PACKAGES = ("index", "qa", "benchmarks")

ANCHORED = frozenset(("match", "fullmatch"))
SEARCHING = frozenset(("search", "finditer", "findall", "sub", "subn", "split"))
USES = ANCHORED | SEARCHING

PLACEHOLDER = "word"
"""Stands in a pattern where only a running program has a value."""

MOST_SAMPLES = 8
"""Of texts that fit a part of a pattern."""

ALWAYS = ("a", "A", "1", " ", ".", "\n", "-")
ENDS = ("", "!", "\0")


@dataclass(frozen=True, slots=True)
class Used:
    """A pattern, where it stands, and the methods that it is used with."""

    pattern: re.Pattern[Any]
    place: str
    methods: frozenset[str]

    def run(self, text: str) -> None:
        """Let every kind of use that is made of it go over the text."""
        given = text.encode("utf-8") if isinstance(self.pattern.pattern, bytes) else text
        if self.methods & SEARCHING:
            for _ in self.pattern.finditer(given):
                pass
        if "match" in self.methods:
            self.pattern.match(given)
        if "fullmatch" in self.methods:
            self.pattern.fullmatch(given)


def project_patterns() -> list[Used]:
    """All that is given to ``re`` in the code, and all compiled ones that modules keep."""
    found: dict[tuple[Any, int], Used] = {}
    for file in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for used in (*_written(tree, name), *_kept(tree, name)):
            key = (used.pattern.pattern, used.pattern.flags)
            methods = used.methods | (found[key].methods if key in found else frozenset())
            found[key] = Used(used.pattern, used.place, methods)
    return list(found.values())


def _module(name: str) -> ModuleType | None:
    if name.endswith("__main__") or name.startswith(("benchmarks.", "qa.training.")):
        return None  # not to be run, of packages that not everyone has, or slow to import
    return importlib.import_module(name)


def _written(tree: ast.AST, name: str) -> Iterator[Used]:
    uses = _uses(tree)
    names = {
        id(node.value): target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    module = _module(name)
    known = dict(vars(module)) if module else {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        function = node.func
        if not (isinstance(function.value, ast.Name) and function.value.id == "re" and node.args):
            continue
        method = function.attr
        if method == "compile":
            methods = uses.get(names.get(id(node), ""), frozenset().union(*uses.values()) or USES)
        elif method in USES:
            methods = frozenset((method,))
        else:
            continue
        flags = [*node.args[1:2], *(k.value for k in node.keywords if k.arg == "flags")]
        pattern = _value(node.args[0], known)
        given = _value(flags[0], {"re": re}) if flags and method == "compile" else 0
        yield Used(re.compile(pattern, given), f"{name}:{node.lineno}", methods)


def _uses(tree: ast.AST) -> dict[str, frozenset[str]]:
    """The methods of ``re`` that are called on each name in a module."""
    found: dict[str, frozenset[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in USES:
            owner = node.value.value if isinstance(node.value, ast.Subscript) else node.value
            if isinstance(owner, ast.Name) and owner.id != "re":
                found[owner.id] = found.get(owner.id, frozenset()) | {node.attr}
    return found


class _Names(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        return re if name == "re" else PLACEHOLDER


def _value(expression: ast.expr, known: Mapping[str, Any]) -> Any:
    code = compile(ast.Expression(expression), "<pattern>", "eval")
    return eval(code, {}, _Names(known))  # noqa: S307  # the project's own code


def _kept(tree: ast.AST, name: str) -> Iterator[Used]:
    """Those in tuples, lists and dicts; what a module does with one of them it may do with all."""
    module = _module(name)
    methods = frozenset().union(*_uses(tree).values()) or USES
    for variable, value in vars(module).items() if module else ():
        yield from _patterns_in(value, f"{name}.{variable}", methods)


def _patterns_in(value: object, place: str, methods: frozenset[str]) -> Iterator[Used]:
    inside = value.values() if isinstance(value, dict) else value
    if isinstance(inside, (tuple, list)) or isinstance(value, dict):
        for part in inside:  # type: ignore[attr-defined]
            if isinstance(part, re.Pattern):
                yield Used(part, place, methods)
            else:
                yield from _patterns_in(part, place, methods)


def attacks(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Texts of some length made of what the pattern itself is made of, over and over."""
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    tree = _parser.parse(text, pattern.flags & (re.VERBOSE | re.IGNORECASE | re.DOTALL))
    parts = list(dict.fromkeys(_parts(tree)))
    single = [part for part in parts if len(part) == 1][:14]
    alphabet = list(dict.fromkeys((*single, *ALWAYS)))
    pairs = ["".join(pair) for pair in product(alphabet, repeat=2)]
    starts = list(dict.fromkeys(("", *_samples(tree)[:2])))
    for start, unit, end in product(starts, dict.fromkeys((*parts, *alphabet, *pairs)), ENDS):
        if unit:
            yield start + unit * (length // len(unit)) + end


def _parts(tree: Any) -> Iterator[str]:
    """Texts that fit the parts of a pattern, the longer runs of them and all of it."""
    items = list(tree)
    yield from _samples(items)
    for first in range(len(items)):
        yield from _samples(items[first : first + 2])
        yield from _samples(items[: first + 1])
    for item in items:
        yield from _of_item(item)
        for inner in _inner(item):
            yield from _parts(inner)


def _inner(item: Any) -> Iterator[Any]:
    operator, value = item
    if operator in _REPEATS:
        yield value[2]
    elif operator is _constants.SUBPATTERN:
        yield value[-1]
    elif operator is _constants.BRANCH:
        yield from value[1]
    elif operator is _constants.ATOMIC_GROUP:
        yield value
    elif operator in (_constants.ASSERT, _constants.ASSERT_NOT):
        yield value[1]


_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_CATEGORIES = {
    _constants.CATEGORY_DIGIT: "1",
    _constants.CATEGORY_NOT_DIGIT: "a",
    _constants.CATEGORY_SPACE: " \n",
    _constants.CATEGORY_NOT_SPACE: "a",
    _constants.CATEGORY_WORD: "aA1_",
    _constants.CATEGORY_NOT_WORD: ". ",
}


def _samples(items: Any) -> list[str]:
    """Some texts that fit the items one after the other."""
    choices = [_of_item(item) for item in items]
    return ["".join(chosen) for chosen in islice(product(*choices), MOST_SAMPLES)]


def _of_item(item: Any) -> list[str]:
    operator, value = item
    if operator is _constants.LITERAL:
        return [chr(value)]
    if operator is _constants.NOT_LITERAL:
        return [c for c in "a .1" if ord(c) != value][:2]
    if operator is _constants.ANY:
        return ["a", "."]
    if operator is _constants.IN:
        return _of_set(value)
    if operator in _REPEATS:
        least, most, inner = value
        counts = dict.fromkeys((max(least, 1) if most else 0, min(max(least, 2), most)))
        return [sample * count for count in counts for sample in _samples(inner)[:4]]
    inside = list(_inner(item))
    if operator in (_constants.ASSERT, _constants.ASSERT_NOT) or not inside:
        return [""]
    return [sample for part in inside for sample in _samples(part)[:4]][:MOST_SAMPLES]


def _of_set(items: Any) -> list[str]:
    chosen: list[str] = []
    for operator, value in items:
        if operator is _constants.LITERAL:
            chosen.append(chr(value))
        elif operator is _constants.RANGE:
            chosen += [chr(value[0]), chr(value[1])]
        elif operator is _constants.CATEGORY:
            chosen += _CATEGORIES[value]
    if items[0][0] is _constants.NEGATE:
        return [c for c in "aA1 .-\n" if c not in chosen][:3] or [""]
    return list(dict.fromkeys(chosen))[:6]
