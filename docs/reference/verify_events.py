#!/usr/bin/env python3
"""Verifies the chain of a ledger's raw events with nothing but Python's own library: docs/reference/hashes.md says what is computed.

Standard input: answers of GET /v1/ledgers/{ledger}/events, or single events, one JSON text a line, in order.
Exit code 0: all hold. 1: the first revision that does not hold is named. 2: there were no events.
"""
import hashlib
import json
import re
import sys

decode = json.JSONDecoder().raw_decode


def items(text):
    """The texts of an array's items, as they stand there."""
    at = 1
    while text[at] != "]":
        _, end = decode(text, at)
        yield text[at:end]
        at = end + (text[end] == ",")


def members(text):
    """By name, the texts of an object's members, as they stand there."""
    at, found = 1, {}
    while text[at] != "}":
        name, at = decode(text, at)
        _, end = decode(text, at + 1)
        if name in found:
            raise ValueError(f"{name} comes twice")
        found[name] = text[at + 1 : end]
        at = end + (text[end] == ",")
    return found


def canonical(value):
    """RFC 8785, for what events hold: texts, whole numbers, true, false, null, arrays and objects."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        raise ValueError(f"{value} is not a whole number")
    return json.dumps(value, ensure_ascii=False)


def check(event, revision, head):
    """The event's hash. Raises ValueError when it does not hold at this place of the chain."""
    for name in ("data", "metadata"):
        if canonical(json.loads(event[name])) != event[name]:
            raise ValueError(f"{name} is not canonical JSON")
    metadata = json.loads(event["metadata"])
    if int(event["revision"]) != revision:
        raise ValueError(f"revision {event['revision']} is in its place")
    if metadata["previousHash"] != head:
        raise ValueError("its previousHash is not the hash of the event before it")
    rest = re.sub(r',"hash":"[0-9a-f]{64}"', "", event["metadata"], count=1)
    hashed = (
        f'{{"data":{event["data"]},"id":{event["id"]},"metadata":{rest},'
        f'"revision":{event["revision"]},"stream":{event["stream"]},"type":{event["type"]}}}'
    )
    computed = hashlib.sha256(hashed.encode()).hexdigest()
    if computed != metadata["hash"]:
        raise ValueError(f"its hash is {metadata['hash']}, its content has {computed}")
    return computed


head, revision = "0" * 64, 0
try:
    for line in sys.stdin:
        answer = members(line.strip())
        for event in [answer] if "metadata" in answer else map(members, items(answer["data"])):
            head = check(event, revision, head)
            revision += 1
except (ValueError, KeyError, IndexError) as error:
    sys.exit(f"revision {revision} does not hold: {error}")
if revision == 0:
    print("there are no events to verify", file=sys.stderr)
    sys.exit(2)
print(f"{revision} events hold; the last hash is {head}")
