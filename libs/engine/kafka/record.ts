import { streamOwner } from '@fintech-ledger/envelope';
import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { RecordUnreadable } from './errors';

/** Of the value's frame; raised when that changes in a way that an older reader can't take. */
const schema = 1;
const before = '{"data":';
const between = ',"metadata":';
const after = `,"schema":${schema}}`;

const noMarks = { epoch: 0, generation: 0 };

export interface OutgoingRecord {
  readonly key: string;
  readonly value: string;
  readonly headers: Record<string, string>;
}
/** What a record says beside its event; 0 is left out. */
export interface RecordMarks {
  /** Which making of the topic it was sent to. */
  readonly epoch: number;
  /** How often the stream's history had been accepted again: what is of an earlier one counts for nothing. */
  readonly generation: number;
}
export interface IncomingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
}

/**
 * An event as a record: the key is the ledger or organization, the value one JSON object `{data, metadata, schema}` that holds both texts byte
 * for byte, and what a consumer routes by is in the headers.
 * @param sentAs the place in the event's trace at which it is sent; absent: the one at which it was made
 */
export function encodeRecord(
  event: RecordedEvent,
  sentAs?: string,
  { epoch, generation }: RecordMarks = noMarks,
): OutgoingRecord {
  const made = JSON.parse(event.metadata) as { traceparent?: string; version?: number };
  const traceparent = sentAs ?? made.traceparent;
  return {
    key: streamOwner(event.stream),
    value: `${before}${event.data}${between}${event.metadata}${after}`,
    headers: {
      id: event.id,
      stream: event.stream,
      revision: String(event.revision),
      type: event.type,
      version: String(made.version),
      position: event.position,
      // Where `data` ends, in UTF-16 code units, so that nobody has to parse to get the texts back.
      'data-length': String(event.data.length),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(epoch === 0 ? {} : { epoch: String(epoch) }),
      ...(generation === 0 ? {} : { generation: String(generation) }),
    },
  };
}

/** Which making of the topic a record was sent to; 0: the first, or it doesn't say. */
export function epochOf(headers: IncomingRecord['headers']): number {
  const epoch = headers?.['epoch'];
  return epoch === undefined || Array.isArray(epoch) ? 0 : Number(epoch.toString()) || 0;
}

/** The event of a record, and where in a trace it was sent. @throws RecordUnreadable naming what is wrong with it */
export function decodeRecord(
  record: IncomingRecord,
): RecordedEvent & RecordMarks & { readonly version: number; readonly traceparent?: string } {
  const header = (name: string): string => {
    const value = record.headers?.[name];
    if (value === undefined || Array.isArray(value))
      throw new RecordUnreadable(`it has no header ${name}, so it is not ours`);
    return value.toString();
  };
  const mark = (name: string): number =>
    record.headers?.[name] === undefined ? 0 : wholeNumber(header(name), name);
  const stream = header('stream');
  const key = record.key?.toString() ?? '';
  if (key !== streamOwner(stream)) throw new RecordUnreadable(`its key is "${key}", its stream ${stream}`);
  const value = record.value?.toString() ?? '';
  const dataEnd = before.length + wholeNumber(header('data-length'), 'data-length');
  const metadataStart = dataEnd + between.length;
  const isWhole =
    value.startsWith(before) && value.startsWith(between, dataEnd) && value.length > metadataStart;
  if (!isWhole || !value.endsWith('}')) throw new RecordUnreadable('its value is truncated or not ours');
  if (!value.endsWith(after)) {
    throw new RecordUnreadable(
      `its value is truncated, or of another schema than ${schema}: upgrade this process`,
    );
  }
  const { traceparent } = record.headers ?? {};
  return {
    id: header('id'),
    stream,
    revision: revision(wholeNumber(header('revision'), 'revision')),
    type: header('type'),
    version: wholeNumber(header('version'), 'version'),
    data: value.slice(before.length, dataEnd),
    metadata: value.slice(metadataStart, -after.length),
    position: globalPosition(header('position')),
    epoch: mark('epoch'),
    generation: mark('generation'),
    ...(traceparent === undefined || Array.isArray(traceparent)
      ? {}
      : { traceparent: traceparent.toString() }),
  };
}

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new RecordUnreadable(`its header ${name} is "${text}"`);
  return Number(text);
}
