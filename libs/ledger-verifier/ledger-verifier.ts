#!/usr/bin/env node
/**
 * Verifies books of fintech-ledger offline, with nothing but Node.js: see README.md. It is one file, so that an auditor
 * can read all of it.
 */
import { createHash, createPublicKey, verify as isSigned } from 'node:crypto';
import { createReadStream } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';

/** Something does not hold; the text names the place. */
export class Broken extends Error {
  override readonly name = 'Broken';
}
/** It could not be tried. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

export interface Head {
  readonly ledger: string;
  readonly size: number;
  readonly root: string;
  readonly time: string;
  readonly key_id: string;
  readonly signature: string;
}
/** As it is published: with what ties it to the one before it. */
interface PublishedHead extends Head {
  readonly consistency?: { readonly from: number; readonly path: readonly string[] } | null;
}
interface Bundle {
  readonly lines_sha256: string;
  readonly head: Head | null;
  readonly key_id: string;
  readonly signature: string;
}
interface ExportHeader {
  readonly ledger: { readonly id: string };
  readonly revision: number;
}
interface Entry {
  readonly currency: string;
  readonly direction: string;
  readonly amount: string;
  readonly effect?: string;
}
/** The raw bytes of public keys, by id. */
type Keys = ReadonlyMap<string, Buffer>;
type Json = Readonly<Record<string, unknown>>;

/** Files, by what they are. */
export interface Given {
  readonly keys?: string;
  readonly events?: string;
  readonly export?: string;
  readonly head?: string;
  readonly 'older-head'?: string;
  readonly heads?: string;
  readonly ledger?: string;
  readonly consistency?: string;
  readonly proof?: string;
  readonly revision?: string;
}

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

// JSON texts, as docs/reference/hashes.md has them.

/** Where the value that begins at a place ends. */
function endOf(text: string, start: number): number {
  let [depth, at] = [0, start];
  do {
    const char = text[at];
    if (char === undefined) throw new Broken('its JSON ends early');
    if (char === '"') {
      for (at += 1; text[at] !== '"'; at += text[at] === '\\' ? 2 : 1)
        if (at >= text.length) throw new Broken('its JSON ends early');
      at += 1;
    } else if (char === '{' || char === '[') {
      depth += 1;
      at += 1;
    } else if (char === '}' || char === ']') {
      depth -= 1;
      at += 1;
    } else if (depth > 0) at += 1;
    else while (at < text.length && !',]}'.includes(text.charAt(at))) at += 1;
  } while (depth > 0);
  return at;
}

/** By name, the texts of an object's members, as they stand there. */
function members(text: string): ReadonlyMap<string, string> {
  JSON.parse(text);
  if (!text.startsWith('{')) throw new Broken('it is not a JSON object');
  const found = new Map<string, string>();
  for (let at = 1; text[at] !== '}';) {
    const colon = endOf(text, at);
    const name = JSON.parse(text.slice(at, colon)) as string;
    if (found.has(name)) throw new Broken(`it has the member ${name} twice`);
    const end = endOf(text, colon + 1);
    found.set(name, text.slice(colon + 1, end));
    at = end + (text[end] === ',' ? 1 : 0);
  }
  return found;
}

function items(text: string): readonly string[] {
  const found: string[] = [];
  for (let at = 1; text[at] !== ']';) {
    const end = endOf(text, at);
    found.push(text.slice(at, end));
    at = end + (text[end] === ',' ? 1 : 0);
  }
  return found;
}

/** RFC 8785, for texts, whole numbers, true, false, null, arrays and objects. */
function canonical(value: unknown): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new Broken(`${value} is not a whole number`);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

// The Merkle tree (RFC 9162, 2.1).

const node = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.from([1]), left, right);
const leafHash = (leaf: Uint8Array): Buffer => sha256(Buffer.from([0]), leaf);

/** Keeps one hash for each bit of its size, and the roots at the sizes that are asked for. */
class Tree {
  size = 0;
  readonly roots = new Map<number, string>();
  private readonly whole: { readonly height: number; readonly hash: Buffer }[] = [];

  constructor(private readonly sizes: readonly number[]) {
    this.note();
  }

  add(leaf: Uint8Array): void {
    let [height, hash] = [0, leafHash(leaf)];
    for (let last = this.whole.at(-1); last?.height === height; last = this.whole.at(-1)) {
      [height, hash] = [height + 1, node(last.hash, hash)];
      this.whole.pop();
    }
    this.whole.push({ height, hash });
    this.size += 1;
    this.note();
  }

  private note(): void {
    if (!this.sizes.includes(this.size)) return;
    const hashes = this.whole.map(({ hash }) => hash);
    const root = hashes.length === 0 ? sha256('') : hashes.reduceRight((right, left) => node(left, right));
    this.roots.set(this.size, root.toString('hex'));
  }
}

/** The root that an inclusion proof leads to (RFC 9162, 2.1.3.2). */
function included(leaf: Buffer, revision: number, size: number, path: readonly Buffer[]): string {
  if (revision >= size) throw new Broken(`revision ${revision} is not in a tree of size ${size}`);
  let [fn, sn, r] = [revision, size - 1, leafHash(leaf)];
  for (const p of path) {
    if (sn === 0) throw new Broken('the path is too long');
    if (fn % 2 === 1 || fn === sn) {
      r = node(p, r);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else r = node(r, p);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  if (sn !== 0) throw new Broken('the path is too short');
  return r.toString('hex');
}

/** Whether a tree begins with an older one (RFC 9162, 2.1.4.2). */
function isConsistent(
  older: Pick<Head, 'size' | 'root'>,
  head: Pick<Head, 'size' | 'root'>,
  path: readonly Buffer[],
): boolean {
  if (older.size === 0 || older.size === head.size)
    return path.length === 0 && (older.size === 0 || older.root === head.root);
  if (older.size > head.size || path.length === 0) return false;
  const isWhole = Number.isInteger(Math.log2(older.size));
  const [first, ...rest] = isWhole ? [Buffer.from(older.root, 'hex'), ...path] : path;
  let [fn, sn] = [older.size - 1, head.size - 1];
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  let [fr, sr] = [first as Buffer, first as Buffer];
  for (const c of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [node(c, fr), node(c, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else sr = node(sr, c);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && fr.toString('hex') === older.root && sr.toString('hex') === head.root;
}

// What is checked.

/** Debits are credits, for each unit and effect. */
function assertBalanced(entries: readonly Entry[]): void {
  const sums = new Map<string, bigint>();
  for (const { currency, direction, amount, effect } of entries) {
    if ((direction !== 'debit' && direction !== 'credit') || !/^[0-9]{1,36}$/.test(amount))
      throw new Broken('an entry has no direction or amount');
    const key = effect === undefined ? currency : `${currency} (${effect})`;
    sums.set(key, (sums.get(key) ?? 0n) + (direction === 'debit' ? BigInt(amount) : -BigInt(amount)));
  }
  for (const [key, sum] of sums)
    if (sum !== 0n) throw new Broken(`its debits and credits of ${key} differ by ${sum}`);
}

function eventHash(event: ReadonlyMap<string, string>, revision: number, before: string): string {
  const [data, metadata] = ['data', 'metadata'].map((name) => {
    const text = event.get(name) ?? '';
    const value = JSON.parse(text) as Json;
    if (canonical(value) !== text) throw new Broken(`its ${name} is not canonical JSON`);
    return value;
  }) as [Json, Json];
  if (Number(event.get('revision')) !== revision)
    throw new Broken(`revision ${event.get('revision')} is in its place`);
  if (metadata['previousHash'] !== before)
    throw new Broken('its previousHash is not the hash of the event before it');
  const rest = event.get('metadata')?.replace(/,"hash":"[0-9a-f]{64}"/, '');
  const computed = sha256(
    `{"data":${event.get('data')},"id":${event.get('id')},"metadata":${rest},` +
      `"revision":${event.get('revision')},"stream":${event.get('stream')},"type":${event.get('type')}}`,
  ).toString('hex');
  if (computed !== metadata['hash'])
    throw new Broken(`its hash is ${String(metadata['hash'])}, its content has ${computed}`);
  assertBalanced((data['entries'] ?? []) as readonly Entry[]);
  return computed;
}

/** Names the place of what does not hold. */
function at<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unusable) throw error;
    const why = error instanceof Broken ? error.message : `it has not its form (${(error as Error).message})`;
    throw new Broken(`${place} does not hold: ${why}`);
  }
}

/** The chain, the entries and the tree of raw events. Returns the ledger; undefined: there are none. */
async function readEvents(file: string, tree: Tree): Promise<string | undefined> {
  let [before, stream] = ['0'.repeat(64), ''];
  const one = (event: ReadonlyMap<string, string>): void => {
    const own = event.get('stream') ?? '';
    if (stream !== '' && own !== stream)
      throw new Broken(`it is of the stream ${own}, the others of ${stream}`);
    before = eventHash(event, tree.size, before);
    stream = own;
    tree.add(Buffer.from(before, 'hex'));
  };
  for await (const line of linesOf(file)) {
    const place = (): string => `revision ${tree.size}`;
    const answer = at(place(), () => members(textOf(line).trim()));
    if (answer.has('metadata')) at(place(), () => one(answer));
    else
      for (const text of at(place(), () => items(answer.get('data') ?? '')))
        at(place(), () => one(members(text)));
  }
  return stream === '' ? undefined : (JSON.parse(stream) as string).slice('journal-'.length);
}

/** Checks an NDJSON export, line by line, and the bundle at its end. */
async function readExport(file: string, keys: Keys): Promise<Bundle> {
  const lines = createHash('sha256');
  let [number, header, bundle]: [number, ExportHeader | undefined, Bundle | undefined] = [
    0,
    undefined,
    undefined,
  ];
  for await (const line of linesOf(file)) {
    number += 1;
    const place = `line ${number}`;
    if (bundle !== undefined) throw new Broken(`${place} does not hold: it follows the proof bundle`);
    const record = at(place, () => {
      members(textOf(line).trim());
      return JSON.parse(textOf(line)) as Json;
    });
    if (number === 1 && record['object'] !== 'export')
      throw new Broken(`${place} does not hold: it is not the first line of an export`);
    header ??= record as unknown as ExportHeader;
    if (record['object'] === 'proof_bundle') {
      const made = record as unknown as Bundle;
      const sum = lines.copy().digest('hex');
      const of = header;
      at(`${place} (the proof bundle)`, () => checkBundle(made, of, sum, keys));
      bundle = made;
      continue;
    }
    at(place, () => assertBalanced((record['entries'] ?? []) as readonly Entry[]));
    if (record['object'] === 'end' && record['lines'] !== number - 1)
      throw new Broken(
        `${place} does not hold: ${String(record['lines'])} lines were before it, ${number - 1} are`,
      );
    lines.update(line);
  }
  if (bundle !== undefined) return bundle;
  throw new Broken(`line ${number + 1} does not hold: the proof bundle is missing, the export was cut`);
}

function checkBundle(bundle: Bundle, header: ExportHeader, lines: string, keys: Keys): void {
  if (bundle.lines_sha256 !== lines)
    throw new Broken(`it is of lines with the SHA-256 ${bundle.lines_sha256}, those before it have ${lines}`);
  const { signature, ...signed } = bundle;
  const { head } = bundle;
  if (head !== null) {
    checkHead(head, keys);
    if (head.ledger !== header.ledger.id || head.size !== header.revision + 1)
      throw new Broken('its head is not that of this export');
  }
  checkSignature(keys, bundle.key_id, signature, signed, 'its');
}

function checkHead({ ledger, root, size, time, key_id, signature }: Head, keys: Keys): void {
  if (!Number.isSafeInteger(size) || size < 0) throw new Broken('its size is not a whole number');
  checkSignature(keys, key_id, signature, { ledger, root, size, time }, "the head's");
}

function checkSignature(keys: Keys, keyId: string, signature: string, signed: object, whose: string): void {
  const raw = keys.get(keyId);
  if (raw === undefined) throw new Broken(`${whose} key ${keyId} is not among the keys`);
  // In front of the key its SPKI form (RFC 8410).
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  if (!isSigned(null, Buffer.from(canonical(signed)), key, Buffer.from(signature, 'base64')))
    throw new Broken(`${whose} signature is not by the key ${keyId} over this content`);
}

/**
 * Checks published heads: each is signed, and continues the one before it. A line may be there twice.
 * @returns those of a ledger, the oldest first; of the only one in the file, where none is asked for
 */
async function readHeads(
  { heads: file = '', events }: Given,
  keys: Keys,
  ledger: string | undefined,
): Promise<readonly Head[]> {
  const found: { readonly place: string; readonly head: PublishedHead }[] = [];
  for await (const line of linesOf(file)) {
    const place = `line ${found.length + 1} of the heads`;
    const head = at(place, () => {
      members(textOf(line).trim());
      const one = JSON.parse(textOf(line)) as PublishedHead;
      checkHead(one, keys);
      return one;
    });
    found.push({ place, head });
  }
  const of = ledger ?? found[0]?.head.ledger;
  const own = found.filter(({ head }) => head.ledger === of);
  if (own.length === 0) throw new Broken('the heads do not hold: none is of this ledger');
  if (ledger === undefined && own.length < found.length)
    throw new Unusable('the heads are of several ledgers: give --ledger');
  own.sort((a, b) => Number(a.head.time > b.head.time) - Number(a.head.time < b.head.time));
  let last: Head | undefined;
  for (const { place, head } of own) {
    const before = last;
    if (before !== undefined && !at(place, () => isTied(before, head)) && events === undefined)
      throw new Unusable(`${place} is not tied to the head before it: it takes --events`);
    last = head;
  }
  return own.map(({ head }) => head);
}

/** Whether a published head says that it continues the one before it. */
function isTied(before: Head, { size, root, consistency }: PublishedHead): boolean {
  if (size < before.size)
    throw new Broken(
      `it has ${size} events, and there were ${before.size} at ${before.time}: the history was shortened`,
    );
  if (size === before.size && root !== before.root)
    throw new Broken(
      `it has another root than with as many events at ${before.time}: the history was rewritten`,
    );
  if (size === before.size) return true;
  if (consistency?.from !== before.size) return false;
  if (isConsistent(before, { size, root }, hashesOf(consistency.path))) return true;
  throw new Broken(
    `it does not continue the ${before.size} events at ${before.time}: the history was rewritten`,
  );
}

/** Whether a head goes on from the newest that was published. */
async function checkPublished(given: Given, published: readonly Head[], head: Head): Promise<string> {
  const newest = published.at(-1) as Head;
  if (newest.ledger === head.ledger && newest.size === head.size && newest.root !== head.root)
    throw new Broken(
      `the head does not hold: it has another root than was published with as many events at ${newest.time}: ` +
        'the history was rewritten',
    );
  if (newest.root === head.root) return 'the head is the newest that was published';
  return checkOlder(given, newest, head, 'the newest published head');
}

function checkRoot(name: string, { size, root }: Head, tree: Tree): void {
  if (size > tree.size)
    throw new Broken(
      `revision ${tree.size} does not hold: it is missing, ${name} has ${size} events and there are ${tree.size}`,
    );
  const own = tree.roots.get(size);
  if (own !== root)
    throw new Broken(
      `${name} does not hold: its root over revisions below ${size} is ${root}, ` +
        `the events have ${own}: one of them was rewritten`,
    );
}

/** Lines with their line breaks, as bytes. */
async function* linesOf(file: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  const chunks = (file === '-' ? process.stdin : createReadStream(file)) as AsyncIterable<Buffer>;
  try {
    for await (const chunk of chunks) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        yield Buffer.concat([...rest, chunk.subarray(from, end + 1)]);
        [rest, from] = [[], end + 1];
      }
      if (from < chunk.length) rest.push(chunk.subarray(from));
    }
  } catch (error) {
    if (error instanceof Broken) throw error;
    throw new Unusable(`${file} can't be read: ${(error as Error).message}`);
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

const textOf = (line: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line);
  } catch {
    throw new Broken('it is not UTF-8');
  }
};

async function jsonOf<T>(file: string): Promise<T> {
  const lines: Buffer[] = [];
  for await (const line of linesOf(file)) lines.push(line);
  try {
    return JSON.parse(Buffer.concat(lines).toString('utf8')) as T;
  } catch {
    throw new Unusable(`${file} is not JSON`);
  }
}

const hashesOf = (path: readonly string[]): readonly Buffer[] => path.map((hash) => Buffer.from(hash, 'hex'));

/** Checks all that was given. @returns what holds, in sentences @throws Broken @throws Unusable */
export async function verify(given: Given): Promise<readonly string[]> {
  if (given.keys === undefined) throw new Unusable('--keys is missing');
  const { data } = await jsonOf<{ data: readonly { key_id: string; public_key: string }[] }>(given.keys);
  const keys = new Map(data.map(({ key_id, public_key }) => [key_id, Buffer.from(public_key, 'base64')]));
  const said: string[] = [];
  const bundle = given.export === undefined ? undefined : await readExport(given.export, keys);
  if (bundle !== undefined) {
    const more = bundle.head === null ? '; it has no tree head' : '';
    said.push(`the export holds, signed by ${bundle.key_id}${more}`);
  }
  const head = given.head === undefined ? (bundle?.head ?? undefined) : await jsonOf<Head>(given.head);
  const olderFile = given['older-head'];
  const older = olderFile === undefined ? undefined : await jsonOf<Head>(olderFile);
  const named: (readonly [string, Head])[] = [];
  if (older !== undefined) named.push(['the older head', older]);
  if (head !== undefined) named.push(['the head', head]);
  for (const [name, one] of named.toReversed()) at(name, () => checkHead(one, keys));
  if (head !== undefined)
    said.push(`the head of ${head.size} events of ${head.ledger} is signed by ${head.key_id}`);
  const published =
    given.heads === undefined ? [] : await readHeads(given, keys, given.ledger ?? head?.ledger);
  if (published.length > 0)
    said.push(`${published.length} published heads hold, the newest has ${published.at(-1)?.size} events`);
  if (given.events !== undefined) said.push(await checkEvents(given.events, named, published));
  if (published.length > 0 && head !== undefined) said.push(await checkPublished(given, published, head));
  if (given.proof !== undefined) said.push(await checkProof(given.proof, given.revision, head));
  if (older !== undefined && head !== undefined) said.push(await checkOlder(given, older, head));
  if (said.length > 0) return said;
  throw new Unusable('there is nothing to verify: give --events, --export, --head');
}

async function checkEvents(
  file: string,
  named: readonly (readonly [string, Head])[],
  published: readonly Head[],
): Promise<string> {
  const all = [...named, ...published.map((head) => [`the head published at ${head.time}`, head] as const)];
  const tree = new Tree(all.map(([, { size }]) => size));
  const ledger = await readEvents(file, tree);
  if (ledger === undefined && all.every(([, { size }]) => size === 0))
    throw new Unusable('there are no events to verify');
  for (const [name, one] of all) {
    if (ledger !== undefined && ledger !== one.ledger)
      throw new Broken(`${name} does not hold: it is of ${one.ledger}, the events are of ${ledger}`);
    checkRoot(name, one, tree);
  }
  const roots = published.length === 0 ? '' : ', and have the roots of the published heads';
  return `${tree.size} events hold${named.map(([name]) => `, and have the root of ${name}`).join('')}${roots}`;
}

async function checkProof(
  file: string,
  revision: string | undefined,
  head: Head | undefined,
): Promise<string> {
  if (head === undefined || revision === undefined || !/^[0-9]+$/.test(revision))
    throw new Unusable('--proof goes with --revision and a head');
  const { leaf, path } = await jsonOf<{ leaf: string; path: readonly string[] }>(file);
  const root = at('the proof', () =>
    included(Buffer.from(leaf, 'hex'), Number(revision), head.size, hashesOf(path)),
  );
  if (root !== head.root)
    throw new Broken(`the proof does not hold: it leads to the root ${root}, the head has ${head.root}`);
  return `revision ${revision} with the hash ${leaf} is in the tree`;
}

async function checkOlder(
  { events, consistency }: Given,
  older: Head,
  head: Head,
  name = 'the older head',
): Promise<string> {
  if (older.ledger !== head.ledger)
    throw new Broken(`${name} does not hold: it is of ${older.ledger}, the head of ${head.ledger}`);
  if (older.size > head.size)
    throw new Broken(
      `revision ${head.size} does not hold: it is missing, ${name} has ${older.size} events ` +
        `and the head ${head.size}`,
    );
  if (events === undefined) {
    if (consistency === undefined) throw new Unusable(`${name} goes with --events or --consistency`);
    const { path } = await jsonOf<{ path: readonly string[] }>(consistency);
    if (!at('the consistency proof', () => isConsistent(older, head, hashesOf(path))))
      throw new Broken(
        `the consistency proof does not hold: the tree of size ${head.size} does not begin with ` +
          `the older one of size ${older.size}: its history was rewritten`,
      );
  }
  return `the tree begins with the ${older.size} events of ${name}`;
}

const usage = `Usage: ledger-verifier --keys FILE [--events FILE] [--export FILE] [--head FILE] [--older-head FILE]
                       [--heads FILE] [--ledger ID] [--consistency FILE] [--proof FILE --revision N]

Verifies books of fintech-ledger, offline: README.md says what is in the files. - is standard input.
Exit code 0: all that was given holds. 1: something does not, and a sentence names the place. 2: it could not be tried.
`;
const text = { type: 'string' } as const;
const options = {
  ...{ keys: text, events: text, export: text, head: text, 'older-head': text, heads: text, ledger: text },
  ...{ consistency: text, proof: text, revision: text, help: { type: 'boolean' as const } },
} as const;

/** @returns the exit code */
export async function main(parameters: readonly string[]): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...parameters], options });
    process.stdout.write(values.help === true ? usage : `${(await verify(values)).join('\n')}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`ledger-verifier: ${(error as Error).message}\n`);
    return error instanceof Broken ? 1 : 2;
  }
}

if (require.main === module)
  void main(process.argv.slice(2)).then((exitCode) => {
    process.exitCode = exitCode;
  });
