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
  const parts = cutHash(event.metadata);
  return parts && eventHash({ ...event, metadataWithoutHash: parts.rest });
}

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
