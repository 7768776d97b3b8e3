#!/usr/bin/env python3
"""Verifies books of fintech-ledger offline, with nothing but Python's own library (3.9 and later): see README.md.

It knows nothing but files: events, exports, heads and keys as the HTTP API gave them. Exit code 0: all that was given holds.
1: something does not, and a sentence names the place. 2: it could not be tried.
"""
import argparse
import base64
import hashlib
import json
import re
import sys

decode = json.JSONDecoder().raw_decode
Q = 2**255 - 19
D = -121665 * pow(121666, Q - 2, Q) % Q
ORDER = 2**252 + 27742317777372353535851937790883648493


class Broken(Exception):
    """Something does not hold; the text names the place."""


class Unusable(Exception):
    """It could not be tried."""


# Ed25519 (RFC 8032, 5.1), for checking alone: nothing here is secret, so it need not take constant time.


def recovered(y, sign):
    if y >= Q:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, Q - 2, Q) % Q
    x = pow(x2, (Q + 3) // 8, Q)
    if (x * x - x2) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    if (x * x - x2) % Q or (x == 0 and sign):
        return None
    return Q - x if x & 1 != sign else x


def point(text):
    if len(text) != 32:
        return None
    number = int.from_bytes(text, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    x = recovered(y, sign)
    return None if x is None else (x, y, 1, x * y % Q)


def added(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % Q, (p[1] + p[0]) * (q[1] + q[0]) % Q
    c, d = 2 * p[3] * q[3] * D % Q, 2 * p[2] * q[2] % Q
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % Q, g * h % Q, f * g % Q, e * h % Q


def times(number, p):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = added(total, p)
        p, number = added(p, p), number >> 1
    return total


BASE_Y = 4 * pow(5, Q - 2, Q) % Q
BASE = (recovered(BASE_Y, 0), BASE_Y, 1, recovered(BASE_Y, 0) * BASE_Y % Q)


def is_signed(key, signature, text):
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    left, right = times(s, BASE), added(r, times(h, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % Q or (left[1] * right[2] - right[1] * left[2]) % Q)


# JSON texts, as docs/reference/hashes.md has them.


def members(text):
    """By name, the texts of an object's members, as they stand there."""
    at, found = 1, {}
    if text[:1] != "{":
        raise Broken("it is not a JSON object")
    while text[at] != "}":
        name, at = decode(text, at)
        _, end = decode(text, at + 1)
        if name in found:
            raise Broken(f"it has the member {name} twice")
        found[name] = text[at + 1 : end]
        at = end + (text[end] == ",")
    return found


def items(text):
    at = 1
    while text[at] != "]":
        _, end = decode(text, at)
        yield text[at:end]
        at = end + (text[end] == ",")


def canonical(value):
    """RFC 8785, for texts, whole numbers, true, false, null, arrays and objects."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, float):
        raise Broken(f"{value} is not a whole number")
    return json.dumps(value, ensure_ascii=False)


# The Merkle tree (RFC 9162, 2.1).


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def leaf_hash(leaf):
    return hashlib.sha256(b"\0" + leaf).digest()


class Tree:
    """Keeps one hash for each bit of its size, and the roots at the sizes that are asked for."""

    def __init__(self, sizes=()):
        self.size, self.whole, self.wanted, self.roots = 0, [], set(sizes), {}
        self.note()

    def note(self):
        if self.size in self.wanted:
            self.roots[self.size] = self.root()

    def add(self, leaf):
        height, value = 0, leaf_hash(leaf)
        while self.whole and self.whole[-1][0] == height:
            height, value = height + 1, node(self.whole.pop()[1], value)
        self.whole.append((height, value))
        self.size += 1
        self.note()

    def root(self):
        hashes = [value for _, value in self.whole]
        if not hashes:
            return hashlib.sha256(b"").hexdigest()
        total = hashes.pop()
        while hashes:
            total = node(hashes.pop(), total)
        return total.hex()


def included(leaf, revision, size, path):
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    if revision >= size:
        raise Broken(f"revision {revision} is not in a tree of size {size}")
    fn, sn, r = revision, size - 1, leaf_hash(leaf)
    for p in path:
        if sn == 0:
            raise Broken("the path is too long")
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Broken("the path is too short")
    return r.hex()


def consistent(old, new, path, old_root, new_root):
    """Whether a tree begins with an older one (RFC 9162, 2.1.4.2)."""
    if old == new or old == 0:
        return not path and (old == 0 or old_root == new_root)
    if old > new or not path:
        return False
    path = list(path)
    if not old & (old - 1):
        path.insert(0, bytes.fromhex(old_root))
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr.hex() == old_root and sr.hex() == new_root


# What is checked.


def balanced(entries):
    """Debits are credits, for each unit and effect."""
    sums = {}
    for entry in entries:
        if entry["direction"] not in ("debit", "credit") or not re.fullmatch("[0-9]{1,36}", entry["amount"]):
            raise Broken("an entry has no direction or amount")
        key = entry["currency"] + (f" ({entry['effect']})" if "effect" in entry else "")
        sign = 1 if entry["direction"] == "debit" else -1
        sums[key] = sums.get(key, 0) + sign * int(entry["amount"])
    for key, difference in sums.items():
        if difference:
            raise Broken(f"its debits and credits of {key} differ by {difference}")


def event_hash(event, revision, before, stream):
    for name in ("data", "metadata"):
        if canonical(json.loads(event[name])) != event[name]:
            raise Broken(f"its {name} is not canonical JSON")
    metadata, data = json.loads(event["metadata"]), json.loads(event["data"])
    if int(event["revision"]) != revision:
        raise Broken(f"revision {event['revision']} is in its place")
    if stream not in (None, event["stream"]):
        raise Broken(f"it is of the stream {event['stream']}, the others of {stream}")
    if metadata["previousHash"] != before:
        raise Broken("its previousHash is not the hash of the event before it")
    rest = re.sub(r',"hash":"[0-9a-f]{64}"', "", event["metadata"], count=1)
    hashed = (
        f'{{"data":{event["data"]},"id":{event["id"]},"metadata":{rest},'
        f'"revision":{event["revision"]},"stream":{event["stream"]},"type":{event["type"]}}}'
    )
    computed = hashlib.sha256(hashed.encode()).hexdigest()
    if computed != metadata["hash"]:
        raise Broken(f"its hash is {metadata['hash']}, its content has {computed}")
    balanced(data.get("entries", []))
    return computed


def at(place, work, *given):
    """Names the place of what does not hold."""
    try:
        return work(*given)
    except Broken as error:
        raise Broken(f"{place} does not hold: {error}") from None
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise Broken(f"{place} does not hold: it has not its form ({error})") from None


def read_events(file, tree):
    """The chain, the entries and the tree of raw events: answers of GET …/events or single events, one JSON text a line."""
    state = {"before": "0" * 64, "stream": None}

    def one(event):
        state["before"] = event_hash(event, tree.size, state["before"], state["stream"])
        state["stream"] = event["stream"]
        tree.add(bytes.fromhex(state["before"]))

    for line in opened(file):
        answer = at(f"revision {tree.size}", members, text_of(line).strip())
        texts = [None] if "metadata" in answer else at(f"revision {tree.size}", lambda: list(items(answer["data"])))
        for text in texts:
            at(f"revision {tree.size}", lambda: one(answer if text is None else members(text)))
    stream = state["stream"]
    return None if stream is None else json.loads(stream)[len("journal-") :]


def read_export(file, keys):
    """Checks an NDJSON export, line by line, and the bundle at its end. Returns the bundle's head, or None."""
    lines, bundle, header, number = hashlib.sha256(), None, None, 0
    for number, line in enumerate(opened(file), 1):
        if bundle is not None:
            raise Broken(f"line {number} does not hold: it follows the proof bundle")
        record = at(f"line {number}", lambda: {"text": members(text_of(line).strip()), **json.loads(line)})
        if number == 1:
            header = record
            if record.get("object") != "export":
                raise Broken("line 1 does not hold: it is not the first line of an export")
        if record.get("object") == "proof_bundle":
            bundle = record
            del bundle["text"]
            at(f"line {number} (the proof bundle)", check_bundle, bundle, header, lines.hexdigest(), keys)
            continue
        if "entries" in record:
            at(f"line {number}", balanced, record["entries"])
        if record.get("object") == "end" and record.get("lines") != number - 1:
            raise Broken(f"line {number} does not hold: {record.get('lines')} lines were before it, {number - 1} are")
        lines.update(line)
    if bundle is None:
        raise Broken(f"line {number + 1} does not hold: the proof bundle is missing, the export was cut")
    return bundle["head"], bundle


def check_bundle(bundle, header, lines, keys):
    if bundle["lines_sha256"] != lines:
        raise Broken(f"it is of lines with the SHA-256 {bundle['lines_sha256']}, those before it have {lines}")
    head = bundle["head"]
    if head is not None:
        check_head(head, keys)
        if (head["ledger"], head["size"]) != (header["ledger"]["id"], header["revision"] + 1):
            raise Broken("its head is not that of this export")
    signed = {name: value for name, value in bundle.items() if name != "signature"}
    check_signature(keys, bundle["key_id"], bundle["signature"], signed, "its")


def check_head(head, keys):
    signed = {name: head[name] for name in ("ledger", "root", "size", "time")}
    if isinstance(head["size"], bool) or not isinstance(head["size"], int) or head["size"] < 0:
        raise Broken("its size is not a whole number")
    check_signature(keys, head["key_id"], head["signature"], signed, "the head's")


def check_signature(keys, key_id, signature, signed, whose):
    if key_id not in keys:
        raise Broken(f"{whose} key {key_id} is not among the keys")
    if not is_signed(keys[key_id], base64.b64decode(signature, validate=True), canonical(signed).encode()):
        raise Broken(f"{whose} signature is not by the key {key_id} over this content")


def read_heads(given, keys, ledger):
    """Checks published heads: each is signed, and continues the one before it. A line may be there twice.

    Returns those of a ledger, the oldest first; of the only one in the file, where none is asked for.
    """

    def one(line):
        members(text_of(line).strip())
        head = json.loads(line)
        check_head(head, keys)
        return head

    found = []
    for line in opened(given.heads):
        place = f"line {len(found) + 1} of the heads"
        found.append((place, at(place, one, line)))
    of = ledger if ledger is not None or not found else found[0][1]["ledger"]
    own = [(place, head) for place, head in found if head["ledger"] == of]
    if not own:
        raise Broken("the heads do not hold: none is of this ledger")
    if ledger is None and len(own) < len(found):
        raise Unusable("the heads are of several ledgers: give --ledger")
    own.sort(key=lambda each: each[1]["time"])
    for (_, before), (place, head) in zip(own, own[1:]):
        if not at(place, is_tied, before, head) and given.events is None:
            raise Unusable(f"{place} is not tied to the head before it: it takes --events")
    return [head for _, head in own]


def is_tied(before, head):
    """Whether a published head says that it continues the one before it."""
    size, root, when = head["size"], head["root"], before["time"]
    if size < before["size"]:
        raise Broken(f"it has {size} events, and there were {before['size']} at {when}: the history was shortened")
    if size == before["size"]:
        if root != before["root"]:
            raise Broken(f"it has another root than with as many events at {when}: the history was rewritten")
        return True
    tie = head.get("consistency")
    if tie is None or tie["from"] != before["size"]:
        return False
    if not consistent(before["size"], size, hashes_of(tie["path"]), before["root"], root):
        raise Broken(f"it does not continue the {before['size']} events at {when}: the history was rewritten")
    return True


def check_published(given, published, head, tree):
    """Whether a head goes on from the newest that was published."""
    newest = published[-1]
    same = newest["ledger"] == head["ledger"] and newest["size"] == head["size"]
    if same and newest["root"] != head["root"]:
        raise Broken(
            "the head does not hold: it has another root than was published with as many events at "
            f"{newest['time']}: the history was rewritten"
        )
    if newest["root"] == head["root"]:
        return "the head is the newest that was published"
    return check_older(given, newest, head, tree, "the newest published head")


def check_root(name, head, tree):
    if head["size"] > tree.size:
        raise Broken(
            f"revision {tree.size} does not hold: it is missing, {name} has {head['size']} events and there are {tree.size}"
        )
    if tree.roots[head["size"]] != head["root"]:
        raise Broken(
            f"{name} does not hold: its root over revisions below {head['size']} is {head['root']}, "
            f"the events have {tree.roots[head['size']]}: one of them was rewritten"
        )


def opened(file):
    try:
        with open(sys.stdin.fileno() if file == "-" else file, "rb") as stream:
            yield from stream
    except OSError as error:
        raise Unusable(f"{file} can't be read: {error.strerror}") from None


def text_of(line):
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise Broken("it is not UTF-8") from None


def json_of(file):
    try:
        return json.loads(b"".join(opened(file)))
    except ValueError:
        raise Unusable(f"{file} is not JSON") from None


def hashes_of(path):
    return [bytes.fromhex(text) for text in path]


def verify(given):
    """Checks all that was given. Returns what holds, in sentences."""
    known = json_of(given.keys)
    if known.get("has_more"):
        raise Unusable(f"{given.keys} has not all keys: take those of ledgerctl audit keys")
    keys = {key["key_id"]: base64.b64decode(key["public_key"]) for key in known["data"]}
    said, head, older, tree = [], None, None, None
    if given.export is not None:
        head, bundle = read_export(given.export, keys)
        said.append(f"the export holds, signed by {bundle['key_id']}" + ("" if head else "; it has no tree head"))
    if given.head is not None:
        head = json_of(given.head)
    if given.older_head is not None:
        older = json_of(given.older_head)
    for name, one in (("the head", head), ("the older head", older)):
        if one is not None:
            at(name, check_head, one, keys)
    if head is not None:
        said.append(f"the head of {head['size']} events of {head['ledger']} is signed by {head['key_id']}")
    named = [(name, one) for name, one in (("the older head", older), ("the head", head)) if one is not None]
    published = []
    if given.heads is not None:
        of = given.ledger if given.ledger is not None or head is None else head["ledger"]
        published = read_heads(given, keys, of)
        said.append(f"{len(published)} published heads hold, the newest has {published[-1]['size']} events")
    if given.events is not None:
        every = named + [(f"the head published at {one['time']}", one) for one in published]
        tree = Tree(one["size"] for _, one in every)
        ledger = read_events(given.events, tree)
        if ledger is None and all(one["size"] == 0 for _, one in every):
            raise Unusable("there are no events to verify")
        for name, one in every:
            if ledger not in (None, one["ledger"]):
                raise Broken(f"{name} does not hold: it is of {one['ledger']}, the events are of {ledger}")
            check_root(name, one, tree)
        roots = ", and have the roots of the published heads" if published else ""
        said.append(f"{tree.size} events hold" + "".join(f", and have the root of {name}" for name, _ in named) + roots)
    if published and head is not None:
        said.append(check_published(given, published, head, tree))
    if given.proof is not None:
        said.append(at("the proof", check_proof, given, head))
    if older is not None and head is not None:
        said.append(check_older(given, older, head, tree))
    if not said:
        raise Unusable("there is nothing to verify: give --events, --export, --head")
    return said


def check_proof(given, head):
    if head is None or given.revision is None:
        raise Unusable("--proof goes with --revision and a head")
    proof = json_of(given.proof)
    root = included(bytes.fromhex(proof["leaf"]), given.revision, head["size"], hashes_of(proof["path"]))
    if root != head["root"]:
        raise Broken(f"it leads to the root {root}, the head has {head['root']}")
    return f"revision {given.revision} with the hash {proof['leaf']} is in the tree"


def check_older(given, older, head, tree, name="the older head"):
    if older["ledger"] != head["ledger"]:
        raise Broken(f"{name} does not hold: it is of {older['ledger']}, the head of {head['ledger']}")
    if older["size"] > head["size"]:
        raise Broken(
            f"revision {head['size']} does not hold: it is missing, {name} has {older['size']} events "
            f"and the head {head['size']}"
        )
    if tree is None:
        if given.consistency is None:
            raise Unusable(f"{name} goes with --events or --consistency")
        path = at("the consistency proof", lambda: hashes_of(json_of(given.consistency)["path"]))
        if not at("the consistency proof", consistent, older["size"], head["size"], path, older["root"], head["root"]):
            raise Broken(
                f"the consistency proof does not hold: the tree of size {head['size']} does not begin with "
                f"the older one of size {older['size']}: its history was rewritten"
            )
    return f"the tree begins with the {older['size']} events of {name}"


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="ledger-verifier", description="Verifies books of fintech-ledger, offline.")
    parser.add_argument("--keys", required=True, help="the answer of GET /v1/audit/keys")
    parser.add_argument("--events", help="answers of GET …/events, or single events, one a line (-: standard input)")
    parser.add_argument("--export", help="an NDJSON export with its proof bundle")
    parser.add_argument("--head", help="the answer of GET …/audit/head; by default the export's")
    parser.add_argument("--older-head", help="a head that was kept")
    parser.add_argument("--heads", help="published heads, one a line")
    parser.add_argument("--ledger", help="whose heads are meant, where they are of several")
    parser.add_argument("--consistency", help="the answer of GET …/audit/consistency; not needed with --events")
    parser.add_argument("--proof", help="the answer of GET …/audit/proof")
    parser.add_argument("--revision", type=int, help="that the proof is of")
    try:
        print("\n".join(verify(parser.parse_args(arguments))))
        return 0
    except Broken as error:
        print(f"ledger-verifier: {error}", file=sys.stderr)
        return 1
    except (Unusable, ValueError, KeyError, TypeError) as error:
        print(f"ledger-verifier: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
