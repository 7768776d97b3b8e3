import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json';
import { eventHash } from './envelope';

/** An event with its texts as a store, or a file of raw events, holds them. */
export interface StoredEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  /** The same texts in UTF-8, where somebody has them so. */
  readonly bytes?: StoredBytes;
}

export interface StoredBytes {
  readonly source: Buffer;
  /** The ends exclusive. */
  readonly dataStart: number;
  readonly dataEnd: number;
  readonly metadataStart: number;
  readonly metadataEnd: number;
}

/** What an event's texts say when they are parsed; for a caller that has done so already. */
export interface ParsedTexts {
  readonly data: unknown;
  readonly metadata: unknown;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const word = /^[A-Za-z][A-Za-z0-9]*$/;
// No text in JSON holds it: its quotes would be escaped there. In canonical metadata everything that could nest one comes later.
const hashMember = ',"hash":"';
const hashLength = 64;

/**
 * Why a stored event is not the one that was sealed, or undefined when it holds: its texts are canonical JSON (RFC 8785), and their SHA-256
 * is the hash that it carries. What is hashed are the texts, never a parsed copy of them: a second member of one name, white space or another
 * spelling is lost when a text is parsed. Whether the event before it has `previousHash` is for the caller to compare.
 */
export function verifyStoredHash(event: StoredEvent, parsed?: ParsedTexts): string | undefined {
  const { id, type, revision } = event;
  if (!uuid.test(id)) return 'its id is no UUID';
  if (!word.test(type)) return 'its type is no word';
  if (!Number.isSafeInteger(revision)) return 'its revision is no number';
  const parts = cutHash(event.metadata);
  if (parts === undefined) return 'its metadata has no hash in its place';
  const computed = eventHash({ ...event, metadataWithoutHash: parts.rest });
  if (computed !== parts.hash) return `its hash is ${parts.hash}, its content has ${computed}`;
  return spellingFault(event, parsed, computed);
}

/** The hash that this recorded event should carry, recomputed from its texts; undefined when its metadata has none in its place. */
export function recomputeHash(event: StoredEvent): string | undefined {
  if (event.bytes !== undefined) return hashOfBytes(event, event.bytes);
  const parts = cutHash(event.metadata);
  return parts && eventHash({ ...event, metadataWithoutHash: parts.rest });
}

const dataMember = '{"data":';
/** Room for what is hashed of one event; made larger where one needs it. */
let scratch = roomFor(64 * 1024);

function roomFor(bytes: number): Buffer {
  const room = Buffer.allocUnsafe(bytes);
  room.write(dataMember, 'latin1');
  return room;
}

/** The same of bytes, put together in place: half the cost of texts, of which one is made first, and then its bytes. */
function hashOfBytes(event: StoredEvent, bytes: StoredBytes): string | undefined {
  const { source, dataStart, dataEnd, metadataStart, metadataEnd } = bytes;
  const at = source.indexOf(hashMember, metadataStart, 'latin1');
  const end = at + hashMember.length + hashLength;
  if (at === -1 || end + 1 >= metadataEnd || source[end] !== quote || source[end + 1] !== comma)
    return undefined;
  const middle = `,"id":"${event.id}","metadata":`;
  const number = `,"revision":${event.revision}`;
  const last = lastMembers(event.stream, event.type);
  const room =
    dataMember.length + dataEnd - dataStart + metadataEnd - metadataStart + number.length + last.length;
  if (room + bytesMax * middle.length > scratch.length)
    scratch = roomFor(2 * room + bytesMax * middle.length);
  let to = dataMember.length;
  to += source.copy(scratch, to, dataStart, dataEnd);
  to += scratch.write(middle, to);
  to += source.copy(scratch, to, metadataStart, at);
  to += source.copy(scratch, to, end + 1, metadataEnd);
  to += scratch.write(number, to, 'latin1');
  to += last.copy(scratch, to);
  return hash('sha256', scratch.subarray(0, to), 'hex');
}

let [lastStream, lastType, lastBytes] = ['', '', Buffer.alloc(0)];

/** What is hashed last: events that follow one another have the same most often. */
function lastMembers(stream: string, type: string): Buffer {
  if (stream !== lastStream || type !== lastType) {
    lastBytes = Buffer.from(`,"stream":${JSON.stringify(stream)},"type":"${type}"}`);
    [lastStream, lastType] = [stream, type];
  }
  return lastBytes;
}

const quote = 0x22;
const comma = 0x2c;
/** Of a UTF-16 code unit in UTF-8. */
const bytesMax = 3;

/** The hash that metadata carry, and their text without that member. */
function cutHash(metadata: string): { readonly hash: string; readonly rest: string } | undefined {
  const at = metadata.indexOf(hashMember);
  if (at === -1) return undefined;
  const start = at + hashMember.length;
  const end = start + hashLength;
  if (!metadata.startsWith('",', end)) return undefined;
  return {
    hash: metadata.slice(start, end),
    rest: metadata.slice(0, at) + metadata.slice(end + 1),
  };
}

/** Two spellings of one value have two hashes, and a reader may take either: only the one that RFC 8785 gives is ours. */
function spellingFault(
  event: StoredEvent,
  parsed: ParsedTexts | undefined,
  computed: string,
): string | undefined {
  try {
    const { data, metadata } = parsed ?? {
      data: JSON.parse(event.data) as unknown,
      metadata: JSON.parse(event.metadata) as unknown,
    };
    if (canonicalJson(data) !== event.data) return 'its data is not canonical JSON (RFC 8785)';
    if (canonicalJson(metadata) !== event.metadata) return 'its metadata is not canonical JSON (RFC 8785)';
    if ((metadata as { hash?: unknown } | null)?.hash !== computed)
      return 'its metadata has its hash elsewhere';
    return undefined;
  } catch {
    return 'its texts are not JSON';
  }
}
