import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { Metadata, ServerWritableStream } from '@grpc/grpc-js';
import type { EventLog } from './event-log';
import type { LogRecord } from './log-record';
import { writeInOrder } from './write-in-order';
import type { NodeContext } from './node-context';
import { recordFilter } from './record-filter';
import { accessDenied, streamDeleted, unavailable } from './rpc-errors';
import type { RpcError } from './rpc-errors';
import { subscribe } from './subscribe';
import { eventResponse, identifierOf, streamNameOf } from './wire-messages';

/** `Streams.Read`: a page of a stream or of the log, or a subscription to either. */
export function readHandler(node: NodeContext) {
  return (call: ServerWritableStream<ReadReq, ReadResp>): void => {
    call.on('error', () => undefined);
    const options = call.request.getOptions();
    const refusal = node.refusal(call.metadata);
    if (refusal) return void call.emit('error', refusal);
    if (node.faults.take('unavailable')) return void call.emit('error', unavailable());
    const trouble = troubleWith(node, call.metadata, options);
    if (trouble) return void call.emit('error', trouble);
    if (options?.hasSubscription()) return void subscribe(node, call, options);

    const stream = options?.getStream();
    const name = streamNameOf(stream?.getStreamIdentifier());
    const records = stream ? node.log.read(name) : node.log.records;
    if (records === 'deleted') return void call.emit('error', streamDeleted(name));
    if (records === 'not_found') {
      const missing = new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(name));
      call.write(new ReadResp().setStreamNotFound(missing));
      return void call.end();
    }
    return void writeAll(call, options ? selected(records, options, node.log) : []);
  };
}

/** Why this place is not read: the caller may not, or no record begins there. */
function troubleWith(
  node: NodeContext,
  metadata: Metadata,
  options: ReadReq.Options | undefined,
): RpcError | undefined {
  const stream = options?.getStream();
  const name = stream ? streamNameOf(stream.getStreamIdentifier()) : '$all';
  if (!node.users.mayRead(metadata, name)) return accessDenied();
  const position = options?.getAll()?.getPosition();
  const isKnown = position === undefined || node.log.isPosition(Number(position.getCommitPosition()));
  return isKnown ? undefined : node.invalidPosition();
}

function selected(
  records: readonly LogRecord[],
  options: ReadReq.Options,
  log: EventLog,
): readonly LogRecord[] {
  const isBackwards = options.getReadDirection() === 1;
  const count = Number(options.getCount());
  const filter = recordFilter(options.getFilter());
  const stream = options.getStream();
  const [low, high] = stream
    ? boundsOf(records, stream.hasRevision() ? Number(stream.getRevision()) : undefined)
    : logBounds(log, options.getAll()?.getPosition()?.getCommitPosition());
  // Forwards from the given place, backwards up to it, both inclusive in a stream; $all backwards is exclusive.
  const range = isBackwards ? records.slice(0, stream ? high : low).reverse() : records.slice(low);
  const isFromEnd = (stream ?? options.getAll())?.hasEnd() ?? false;
  const all = isFromEnd ? (isBackwards ? [...records].reverse() : []) : range;
  return all.filter(filter).slice(0, count);
}

function boundsOf(records: readonly LogRecord[], from: number | undefined): [number, number] {
  const first = records[0]?.revision ?? 0;
  const index = from === undefined ? 0 : from - first;
  return [Math.max(0, index), from === undefined ? 0 : Math.max(0, index + 1)];
}

function logBounds(log: EventLog, from: string | undefined): [number, number] {
  const index = from === undefined ? 0 : log.indexAt(Number(from));
  return [index, index + 1];
}

async function writeAll(
  call: ServerWritableStream<ReadReq, ReadResp>,
  records: readonly LogRecord[],
): Promise<void> {
  for (const record of records) {
    if (!(await writeInOrder(call, eventResponse(record)))) return;
  }
  call.end();
}
