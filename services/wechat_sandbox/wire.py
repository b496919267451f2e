"""Bodies on the wire: XML with CDATA, or JSON with the same names."""

import json
import re
from typing import Any
from xml.etree import ElementTree

Fields = dict[str, Any]
"""Names of the protocol -> text, int, nested Fields or a list of Fields."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST = 8


class WireError(Exception):
    """A body that cannot be read; the text says why."""


def to_xml(fields: Fields) -> str:
    return f"<xml>{_children(fields)}</xml>"


def to_json(fields: Fields) -> str:
    return json.dumps(fields, ensure_ascii=False)


def from_xml(text: str) -> Fields:
    """Raises WireError for what is not well formed, has a document type or no `xml` root."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise WireError("XML with a document type")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise WireError(f"not well-formed XML ({error})") from None
    if root.tag != "xml":
        raise WireError(f"the root element is {root.tag}, not xml")
    value = _value(root)
    return value if isinstance(value, dict) else {}


def from_json(text: str) -> Fields:
    """Raises WireError for what is no JSON object."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON ({type(error).__name__})") from None
    if not isinstance(value, dict):
        raise WireError("the JSON is no object")
    return value


def _children(fields: Fields) -> str:
    return "".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields.items())


def _content(value: Any) -> str:
    if isinstance(value, dict):
        return _children(value)
    if isinstance(value, list):
        return "".join(f"<item>{_content(item)}</item>" for item in value)
    if isinstance(value, int):
        return str(value)
    return "<![CDATA[" + _NOT_XML.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _value(element: ElementTree.Element, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise WireError("XML nested too deeply")
    children = list(element)
    if not children:
        return element.text or ""
    if all(child.tag == "item" for child in children):
        return [_value(child, depth + 1) for child in children]
    names = [child.tag for child in children]
    if len(set(names)) != len(names):
        raise WireError("an element occurs twice")
    return {child.tag: _value(child, depth + 1) for child in children}
