"""The expressions of forms (XPath 1.0 with ``${name}``), read into a tree with positions. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evaluation.platform.i18n import N_

DEEPEST = 60

WRONG = {
    "quote": N_("引号没有成对：“{near}”之后缺少结束的引号。"),
    "bracket": N_("括号没有成对：“{near}”处缺少 {wanted}。"),
    "extra-bracket": N_("括号没有成对：“{near}”处多了一个 {got}。"),
    "reference": N_("“{near}”不是完整的 ${{名称}}。"),
    "sign": N_("“{near}”处有不能用在表达式里的字符“{got}”。"),
    "operand": N_("“{near}”处缺少一个值或运算符。"),
    "deep": N_("表达式嵌套太深。"),
    "empty": N_("表达式是空的。"),
}


class ExpressionError(ValueError):
    """An expression that cannot be read: ``code`` is a key of `WRONG`, ``at`` counts from 0."""

    def __init__(self, code: str, at: int, text: str, *, wanted: str = "", got: str = "") -> None:
        super().__init__(code)
        self.code, self.at = code, at
        near = text[max(0, at - 12) : at + 12].strip() or text[-24:].strip()
        self.facts = {"near": near, "wanted": wanted, "got": got}


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression; ``start`` and ``end`` are its place in the text.

    ``kind``: or, and, compare, sum, product, negate, union (``text`` the operator) · call (the
    function's name) · literal · number · reference (the name) · path (as written, no spaces) ·
    group (a bracketed expression) · filtered (``parts``: what is filtered, then the filters).
    """

    kind: str
    text: str
    start: int
    end: int
    parts: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """This part and all parts of it, outermost first."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def calls(self) -> Iterator[Node]:
        """Every function call."""
        return (node for node in self.walk() if node.kind == "call")

    def references(self) -> Iterator[Node]:
        """Every ``${name}``."""
        return (node for node in self.walk() if node.kind == "reference")


def parse(text: str) -> Node:
    """The tree of an expression. Raises `ExpressionError`."""
    return _Reader(text).whole()


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<reference>\$\{\s*(?P<name>[^{}\s'"$]+)\s*\})
    | (?P<word>[^\W\d][\w.\-]*(?::(?!:)[^\W\d][\w.\-]*)?)
    | (?P<sign>!=|<=|>=|::|//|\.\.|[=<>+\-*|/.@()\[\],])""",
    re.VERBOSE,
)
_WORD_SIGNS = {"and", "or", "div", "mod"}
_CLOSES = {"(": ")", "[": "]"}
_LEVELS: tuple[tuple[str, frozenset[str]], ...] = (
    ("or", frozenset({"or"})),
    ("and", frozenset({"and"})),
    ("compare", frozenset({"=", "!="})),
    ("compare", frozenset({"<", ">", "<=", ">="})),
    ("sum", frozenset({"+", "-"})),
    ("product", frozenset({"*", "div", "mod"})),
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _bad_sign(text, at)
        kind = match.lastgroup or ""
        if kind == "name":  # the name inside a reference is matched last
            kind = "reference"
        at = match.end()
        if kind == "space":
            continue
        said = match["name"] if kind == "reference" else match.group()
        if (said in _WORD_SIGNS or said == "*") and kind in ("word", "sign"):
            kind = "operator" if found and _ends_operand(found[-1]) else "word"
        found.append(_Token(kind, said, match.start(), match.end()))
    return found


def _bad_sign(text: str, at: int) -> ExpressionError:
    if text[at] in "\"'":
        return ExpressionError("quote", at, text)
    if text[at] == "$":
        return ExpressionError("reference", at, text)
    return ExpressionError("sign", at, text, got=text[at])


def _ends_operand(token: _Token) -> bool:
    if token.kind in ("number", "literal", "reference", "word"):
        return True
    return token.kind == "sign" and token.text in (")", "]", ".", "..")


class _Reader:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        if not self.tokens:
            raise ExpressionError("empty", 0, self.text)
        found = self.level(0)
        left = self.peek()
        if left is not None:
            code = "extra-bracket" if left.text in (")", "]") else "operand"
            raise ExpressionError(code, left.start, self.text, got=left.text)
        return found

    def peek(self, *texts: str) -> _Token | None:
        """The next token, if it is one of *texts* where any are given."""
        if self.at >= len(self.tokens):
            return None
        token = self.tokens[self.at]
        if texts and (token.text not in texts or token.kind not in ("sign", "operator", "word")):
            return None
        return token

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def level(self, rank: int) -> Node:
        if rank == len(_LEVELS):
            return self.negated()
        kind, signs = _LEVELS[rank]
        left = self.level(rank + 1)
        while (token := self.peek(*signs)) is not None and token.kind != "word":
            self.take()
            right = self.level(rank + 1)
            left = Node(kind, token.text, left.start, right.end, (left, right))
        return left

    def negated(self) -> Node:
        minus = self.peek("-")
        if minus is None:
            return self.union()
        self.take()
        inner = self.deeper(self.negated)
        return Node("negate", "-", minus.start, inner.end, (inner,))

    def union(self) -> Node:
        left = self.operand()
        while self.peek("|"):
            self.take()
            right = self.operand()
            left = Node("union", "|", left.start, right.end, (left, right))
        return left

    def operand(self) -> Node:
        token = self.peek()
        if token is None:
            raise ExpressionError("operand", len(self.text), self.text)
        if token.kind in ("number", "literal", "reference"):
            self.take()
            said = token.text[1:-1] if token.kind == "literal" else token.text
            return self.filtered(Node(token.kind, said, token.start, token.end))
        if token.text == "(" and token.kind == "sign":
            return self.filtered(self.bracketed())
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        called = following is not None and following.text == "(" and following.kind == "sign"
        if token.kind == "word" and called and token.text not in ("node", "text", "comment"):
            return self.filtered(self.call())
        return self.path(token.start)

    def bracketed(self) -> Node:
        opened = self.take()
        inner = self.deeper(lambda: self.level(0))
        return Node("group", "", opened.start, self.close(opened).end, (inner,))

    def call(self) -> Node:
        name = self.take()
        opened = self.take()
        given: list[Node] = []
        while not self.peek(")"):
            given.append(self.deeper(lambda: self.level(0)))
            if not self.peek(","):
                break
            self.take()
            if self.peek(")"):
                raise ExpressionError("operand", self.tokens[self.at].start, self.text)
        closed = self.close(opened)
        return Node("call", name.text, name.start, closed.end, tuple(given))

    def close(self, opened: _Token) -> _Token:
        wanted = _CLOSES[opened.text]
        token = self.peek()
        if token is None or token.text in (")", "]"):
            if token is not None and token.text == wanted:
                return self.take()
            at = opened.start if token is None else token.start
            raise ExpressionError("bracket", at, self.text, wanted=wanted)
        raise ExpressionError("operand", token.start, self.text)

    def filtered(self, inner: Node) -> Node:
        """Predicates and further steps behind a value, as in ``instance('x')/root/item[…]``."""
        parts = [inner]
        while self.peek("[", "/", "//"):
            if self.peek("["):
                parts.append(self.predicate())
            else:
                self.take()
                self.step(parts)
        if len(parts) == 1 and self.tokens[self.at - 1].end == inner.end:
            return inner
        return Node("filtered", "", inner.start, self.tokens[self.at - 1].end, tuple(parts))

    def path(self, start: int) -> Node:
        parts: list[Node] = []
        if self.peek("/", "//"):
            self.take()
            after = self.peek()
            if after is None or after.kind not in ("word", "sign"):
                raise ExpressionError("operand", start, self.text)
        self.step(parts)
        while self.peek("[", "/", "//"):
            if self.peek("["):
                parts.append(self.predicate())
            else:
                self.take()
                self.step(parts)
        end = self.tokens[self.at - 1].end
        said = re.sub(r"\s+", "", self.text[start:end])
        return Node("path", said, start, end, tuple(parts))

    def step(self, parts: list[Node]) -> None:
        """One step; predicates are read by the caller."""
        token = self.peek()
        if token is None:
            raise ExpressionError("operand", len(self.text), self.text)
        if self.peek("@"):
            self.take()
            token = self.peek()
        if token is None or not (token.kind == "word" or token.text in (".", "..")):
            code = "extra-bracket" if token and token.text in (")", "]") else "operand"
            at = token.start if token else len(self.text)
            raise ExpressionError(code, at, self.text, got=token.text if token else "")
        self.at += 1
        if self.peek("::"):
            self.take()
            self.step(parts)
        elif token.text in ("node", "text", "comment") and self.peek("("):
            self.close(self.take())

    def predicate(self) -> Node:
        opened = self.take()
        inner = self.deeper(lambda: self.level(0))
        self.close(opened)
        return inner

    def deeper(self, read: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError("deep", self.tokens[self.at - 1].start, self.text)
        found = read()
        self.depth -= 1
        return found
