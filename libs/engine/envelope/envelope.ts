import { remembered } from '@fintech-ledger/contract';
import { hash, randomBytes } from 'node:crypto';
import { canonicalJson } from './canonical-json';

/** Stream names: what moves money in a ledger, and what is administered in an organization. */
export const journalPrefix = 'journal-';
export const organizationPrefix = 'org-';
/** Says whose store this is (libs/platform/installation); nobody else reads it. */
export const installationStream = 'installation';

export const journalStream = (ledgerId: string): string => `${journalPrefix}${ledgerId}`;
export const organizationStream = (organizationId: string): string =>
  `${organizationPrefix}${organizationId}`;

/** The ledger (or organization) that a stream belongs to. */
export function streamOwner(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}

/** The hash before a stream's first event. */
export const genesisHash = '0'.repeat(64);

/** A part of a command that was refused while others were accepted (bulk, not atomic). */
export interface RefusedItem {
  readonly index: number;
  readonly refusal: {
    readonly code: string;
    readonly detail: string;
    readonly param?: string;
    readonly meta?: Readonly<Record<string, string>>;
  };
}

/** Which items of a command, from 0, `to` exclusive, a part of it has that was stored alone. */
export interface CommandPart {
  readonly from: number;
  readonly of: number;
  readonly to: number;
}

/** What is recorded beside an event's data. Times: RFC 3339, UTC, milliseconds. */
export interface EventMetadata {
  readonly $causationId?: string;
  readonly $correlationId: string;
  readonly actor: string;
  /** This event's place among the events of its command, from 0. */
  readonly commandIndex: number;
  readonly commandSize: number;
  /** When it was decided, by the clock of its organization; absent: at `recordedAt`. */
  readonly decidedAt?: string;
  readonly effectiveAt: string;
  /** SHA-256, hex: see `eventHash`. */
  readonly hash: string;
  readonly idempotencyKey?: string;
  readonly organizationId: string;
  /** Of the first event of a command's part, where it was stored in several. */
  readonly part?: CommandPart;
  readonly previousHash: string;
  readonly recordedAt: string;
  readonly refusedItems?: readonly RefusedItem[];
  readonly requestHash?: string;
  readonly traceparent?: string;
  /** Schema version of the event's type. */
  readonly version: number;
}

/** An event's texts as they are hashed: all canonical JSON. */
export interface HashedEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: string;
  /** Canonical metadata without `hash`. */
  readonly metadataWithoutHash: string;
}

/**
 * The chain hash of an event: SHA-256 (hex) over the canonical JSON (RFC 8785) of
 * `{data, id, metadata (without hash, with previousHash), revision, stream, type}`.
 */
export function eventHash(event: HashedEvent): string {
  return hash(
    'sha256',
    `{"data":${event.data},"id":"${event.id}","metadata":${event.metadataWithoutHash},"revision":${event.revision},"stream":${JSON.stringify(event.stream)},"type":"${event.type}"}`,
    'hex',
  );
}

/** Metadata before it is sealed; what is undefined is left out. */
export type UnsealedMetadata = {
  readonly [K in Exclude<keyof EventMetadata, 'hash'>]: EventMetadata[K] | undefined;
};

/**
 * The canonical metadata text of an event, with its hash put in its place. Written out member by member in canonical
 * order, because this is done for every event.
 */
export function sealMetadata(
  event: Omit<HashedEvent, 'metadataWithoutHash'>,
  metadata: Partial<UnsealedMetadata>,
): { readonly text: string; readonly hash: string } {
  const before =
    `{${text('$causationId', metadata.$causationId)}${text('$correlationId', metadata.$correlationId)}${text('actor', metadata.actor)}` +
    `"commandIndex":${metadata.commandIndex},"commandSize":${metadata.commandSize},${text('decidedAt', metadata.decidedAt)}"effectiveAt":"${metadata.effectiveAt}",`;
  const { part, refusedItems: refused } = metadata;
  const after =
    `${text('idempotencyKey', metadata.idempotencyKey)}${text('organizationId', metadata.organizationId)}` +
    `${part === undefined ? '' : `"part":${canonicalJson(part)},`}` +
    `"previousHash":"${metadata.previousHash}","recordedAt":"${metadata.recordedAt}",` +
    `${refused === undefined ? '' : `"refusedItems":${canonicalJson(refused)},`}${text('requestHash', metadata.requestHash)}` +
    `${text('traceparent', metadata.traceparent)}"version":${metadata.version}}`;
  const chainHash = eventHash({ ...event, metadataWithoutHash: before + after });
  return { text: `${before}"hash":"${chainHash}",${after}`, hash: chainHash };
}

function text(name: string, value: string | undefined): string {
  return value === undefined ? '' : `"${name}":${JSON.stringify(value)},`;
}

/**
 * The ids of a command's events, by index: UUIDs (version 8, RFC 9562) from (stream, key of the command), counted up by
 * the index, so that a writer that appends the same command again gives the same ids and the store knows them. One hash
 * a command, however many events it has.
 */
export function eventIds(stream: string, commandKey: string): (index: number) => string {
  const digest = hash('sha256', `${stream}\n${commandKey}`, 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const head = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 24)}`;
  const first = Number.parseInt(digest.slice(24, 32), 16);
  return (index) => head + ((first + index) % 2 ** 32).toString(16).padStart(8, '0');
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's base 32: sorts as its numbers do
const timeChars = 10;
const revisionChars = 8;

/**
 * The id of what an event creates. It sorts by time and says where it was born: `<prefix>_` + 48 bits of milliseconds
 * + 40 bits of the stream's revision + 40 bits that tell streams apart. The revision leads from a transaction to its
 * event without an index.
 */
export function timeSortableId(prefix: string, timeMs: number, revision: number, stream: string): string {
  return `${prefix}_${timeInId(timeMs)}${base32(revision, revisionChars)}${streamMark(stream)}`;
}

/** How an id that sorts by time begins, after its prefix. @param timeMs Unix time */
export const timeInId = (timeMs: number): string => base32(timeMs, timeChars);

/** An id that leads to no event: it sorts by time, and its end is random. @param timeMs Unix time */
export const randomId = (prefix: string, timeMs: number): string =>
  `${prefix}_${timeInId(timeMs)}${randomBytes(11).toString('hex').toUpperCase()}`;

/** The revision inside of an id, or undefined when it is not an id of this stream. */
export function revisionInId(id: string, stream: string): number | undefined {
  const body = id.slice(id.indexOf('_') + 1);
  if (body.length !== timeChars + 2 * revisionChars || !body.endsWith(streamMark(stream))) return undefined;
  return fromBase32(body.slice(timeChars, timeChars + revisionChars));
}

/** Where an id says that it was born. */
export interface Birth {
  readonly timeMs: number;
  readonly revision: number;
  /** `streamNumber` of its stream. */
  readonly stream: number;
}

/** What an id says, whatever its prefix is; undefined when it is not one of this form. */
export function birthOf(id: string): Birth | undefined {
  const body = id.slice(id.indexOf('_') + 1);
  if (body.length !== timeChars + 2 * revisionChars) return undefined;
  const timeMs = fromBase32(body.slice(0, timeChars));
  const revision = fromBase32(body.slice(timeChars, timeChars + revisionChars));
  const stream = fromBase32(body.slice(timeChars + revisionChars));
  if (timeMs === undefined || revision === undefined || stream === undefined) return undefined;
  return { timeMs, revision, stream };
}

const streamMark = remembered(10_000, (stream: string) => base32(streamNumber(stream), revisionChars));

/** 40 bits that tell streams apart. */
export function streamNumber(stream: string): number {
  return Number.parseInt(hash('sha256', stream, 'hex').slice(0, 10), 16);
}

/** A number in so many digits of Crockford's base 32. */
export function base32(value: number, chars: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < chars; i += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function fromBase32(text: string): number | undefined {
  let value = 0;
  for (const char of text) {
    const digit = alphabet.indexOf(char);
    if (digit < 0) return undefined;
    value = value * 32 + digit;
  }
  return value;
}
