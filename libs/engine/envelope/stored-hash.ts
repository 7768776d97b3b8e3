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
  /** `end` exclusive. */
  readonly dataAt: { readonly start: number; readonly end: number };
  readonly metadataAt: { readonly start: number; readonly end: number };
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

/** Room for what is hashed of one event; made larger where one needs it. */
let scratch = Buffer.allocUnsafe(64 * 1024);

/** The same of bytes, put together in place: half the cost of texts, of which one is made first, and then its bytes. */
function hashOfBytes(event: StoredEvent, { source, dataAt, metadataAt }: StoredBytes): string | undefined {
  const at = source.indexOf(hashMember, metadataAt.start, 'latin1');
  const end = at + hashMember.length + hashLength;
  if (at === -1 || end + 1 >= metadataAt.end || source[end] !== quote || source[end + 1] !== comma)
    return undefined;
  const middle = `,"id":"${event.id}","metadata":`;
  const last = `,"revision":${event.revision},"stream":${JSON.stringify(event.stream)},"type":"${event.type}"}`;
  const room =
    metadataAt.end - metadataAt.start + dataAt.end - dataAt.start + bytesMax * (middle.length + last.length);
  if (room + dataMember.length > scratch.length) scratch = Buffer.allocUnsafe(2 * room + dataMember.length);
  let to = scratch.write(dataMember, 'latin1');
  to += source.copy(scratch, to, dataAt.start, dataAt.end);
  to += scratch.write(middle, to);
  to += source.copy(scratch, to, metadataAt.start, at);
  to += source.copy(scratch, to, end + 1, metadataAt.end);
  to += scratch.write(last, to);
  return hash('sha256', scratch.subarray(0, to), 'hex');
}

const dataMember = '{"data":';
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
