"""Holds an XML file against camt.053.001.08 as pyiso20022 carries its schema: elements, their order and number, and
the facets of their values. Prints what does not hold, and exits with 1 then."""

import re
import sys
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from pyiso20022.camt.camt_053_001_08 import camt_053_001_08 as schema
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

problems: list[str] = []


def facets(value: Any, rules: dict[str, Any], path: str) -> None:
    text = str(value)
    digits = value.as_tuple() if isinstance(value, Decimal) else None
    checks = {
        "min_length": lambda rule: len(text) >= rule,
        "max_length": lambda rule: len(text) <= rule,
        "pattern": lambda rule: re.fullmatch(rule, text) is not None,
        "min_inclusive": lambda rule: value >= rule,
        "total_digits": lambda rule: digits is None or len(digits.digits) <= rule,
        "fraction_digits": lambda rule: digits is None or -digits.exponent <= rule,
    }
    for name, holds in checks.items():
        if name in rules and not holds(rules[name]):
            problems.append(f"{path}: {name} {rules[name]} does not hold for {text!r}")


def check(value: Any, path: str) -> None:
    for field in fields(value):
        member, rules = getattr(value, field.name), field.metadata
        name = rules.get("name", field.name)
        items = member if isinstance(member, list) else [] if member is None else [member]
        if rules.get("required") and not items:
            problems.append(f"{path}: {name} is missing")
        if len(items) < rules.get("min_occurs", 0) and isinstance(member, list):
            problems.append(f"{path}: {name} is there {len(items)} times")
        for item in items:
            if is_dataclass(item):
                check(item, f"{path}/{name}")
            else:
                facets(item, rules, f"{path}/{name}")


def order(value: Any, element: ElementTree.Element, path: str) -> None:
    """The children of an element stand in the order of its sequence."""
    names = [field.metadata.get("name", field.name) for field in fields(value)]
    tags = [child.tag.rsplit("}", 1)[1] for child in element]
    places = [names.index(tag) for tag in tags]
    if places != sorted(places):
        problems.append(f"{path}: {tags} are not in the order of the schema")
    seen: dict[str, int] = {}
    for child, tag in zip(element, tags):
        field = fields(value)[names.index(tag)]
        member = getattr(value, field.name)
        item = member[seen.get(tag, 0)] if isinstance(member, list) else member
        seen[tag] = seen.get(tag, 0) + 1
        if is_dataclass(item):
            order(item, child, f"{path}/{tag}")


with open(sys.argv[1], "rb") as file:
    text = file.read()
config = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True)
document = XmlParser(config=config).from_bytes(text, schema.Document)
check(document, "Document")
order(document, ElementTree.fromstring(text), "Document")
print("\n".join(problems) or "valid")
sys.exit(1 if problems else 0)
