"""Holds an XML file against an XSD that an installed package carries: xsd_check.py <package> <its file> <XML file>.
Prints what does not hold, with the line, and exits with 1 then."""

import sys
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

package, xsd, file = sys.argv[1:]
spec = find_spec(package)
assert spec is not None and spec.origin is not None, f"{package} is not installed"
schema = etree.XMLSchema(etree.parse(Path(spec.origin).parent / xsd))
parser = etree.XMLParser(resolve_entities=False, no_network=True)
if schema.validate(etree.parse(file, parser)):
    print("valid")
else:
    print("\n".join(f"{error.line}: {error.message}" for error in schema.error_log))
    sys.exit(1)
