"""From a reply's body to a checked tree of verbs; anything Twilio would trip over raises."""

from dataclasses import dataclass, field
from xml.parsers import expat

from devstack.twilio.twiml.grammar import CONTEXTS, RULES, SSML

MOST_BYTES = 64 * 1024


class TwimlError(Exception):
    """Carries the code of Twilio's error dictionary."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(slots=True)
class Node:
    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Node"] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Own text and that of SSML inside, as it would be spoken."""
        return " ".join("".join(self.parts).split())

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def flag(self, name: str, default: bool = False) -> bool:
        return self.attributes.get(name, "true" if default else "false") == "true"

    def number(self, name: str, default: int) -> int:
        return int(self.attributes.get(name, default))


def parse(body: bytes, context: str = "call") -> list[Node]:
    """The verbs of a document. Raises TwimlError with Twilio's code and a place."""
    if len(body) > MOST_BYTES:
        raise TwimlError(11750, f"TwiML of {len(body)} bytes, Twilio takes 64 kB")
    root = _tree(body)
    if root.tag != "Response":
        raise TwimlError(12100, f"the root is <{root.tag}>, not <Response>")
    _check(root)
    _check_context(root, context)
    return root.children


def _tree(body: bytes) -> Node:
    top = Node("", {}, 0)
    stack = [top]
    reader = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        node = Node(tag, attributes, reader.CurrentLineNumber)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_: str) -> None:
        node = stack.pop()
        if node.tag in SSML:
            stack[-1].parts.extend(node.parts)

    def text(data: str) -> None:
        stack[-1].parts.append(data)

    def refuse_doctype(*_: object) -> None:
        raise TwimlError(12100, "a document type declaration in TwiML")

    reader.StartElementHandler = start
    reader.EndElementHandler = end
    reader.CharacterDataHandler = text
    reader.StartDoctypeDeclHandler = refuse_doctype
    try:
        reader.Parse(body, True)
    except expat.ExpatError as error:
        raise TwimlError(12100, f"not XML: {error}") from None
    return top.children[0]


def _check(node: Node) -> None:
    rule = RULES.get(node.tag)
    if rule is None:
        raise TwimlError(12200, f"line {node.line}: unknown element <{node.tag}>")
    for name, value in node.attributes.items():
        _check_attribute(node, name, value)
    _check_text(node)
    for child in node.children:
        if child.tag not in rule.children:
            where = f"line {child.line}: <{child.tag}>"
            raise TwimlError(12200, f"{where} can't stand in <{node.tag}>")
        if child.tag not in SSML:
            _check(child)
    _check_dial(node)


def _check_attribute(node: Node, name: str, value: str) -> None:
    rule = RULES[node.tag]
    check = rule.attributes.get(name)
    where = f"line {node.line}: <{node.tag} {name}={value!r}>"
    if check is None:
        raise TwimlError(12200, f"{where}: no such attribute")
    complaint = check(value)
    if complaint:
        raise TwimlError(rule.error, f"{where} {complaint}")


def _check_text(node: Node) -> None:
    rule = RULES[node.tag]
    if rule.text is None:
        if node.text:
            raise TwimlError(12200, f"line {node.line}: text in <{node.tag}>: {node.text[:40]!r}")
        return
    complaint = rule.text(node.text)
    if complaint:
        message = f"line {node.line}: <{node.tag}> {node.text[:60]!r} {complaint}"
        raise TwimlError(rule.error, message)


def _check_dial(node: Node) -> None:
    """A room or a queue stands alone; phones may ring together, ten at most."""
    if node.tag != "Dial":
        return
    nouns = [child.tag for child in node.children]
    if not nouns and not node.text:
        raise TwimlError(13200, f"line {node.line}: <Dial> dials nobody")
    alone = {"Conference", "Queue"} & set(nouns)
    if len(nouns) > 10 or (alone and len(nouns) > 1) or (nouns and node.text):
        raise TwimlError(12200, f"line {node.line}: <Dial> can't hold {' and '.join(nouns)}")


def _check_context(root: Node, context: str) -> None:
    for verb in root.children:
        if verb.tag in CONTEXTS[context]:
            continue
        code = 13201 if (context, verb.tag) == ("whisper", "Dial") else 12200
        raise TwimlError(code, f"line {verb.line}: <{verb.tag}> can't run in a {context} document")
