import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { ServerWritableStream } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import type { LogRecord } from './log-record';
import type { NodeContext } from './node-context';
import { recordFilter } from './record-filter';
import { tooSlow } from './rpc-errors';
import type { RpcError } from './rpc-errors';
import { eventResponse, streamNameOf } from './wire-messages';
import { writeInOrder } from './write-in-order';

/** The server looks at so many records at a time when the client does not say. */
const searchWindow = 32;

/** A subscription to the log or a stream: confirmation, what is there, "caught up", what comes; checkpoints where nothing matches. */
export async function subscribe(
  node: NodeContext,
  call: ServerWritableStream<ReadReq, ReadResp>,
  options: ReadReq.Options,
): Promise<void> {
  if (node.faults.take('silence')) return;
  const { log } = node;
  const ended = new AbortController();
  const end = (error: RpcError): void => {
    ended.abort();
    call.emit('error', error);
  };
  node.subscriptions.add(end);
  call.on('cancelled', () => ended.abort());
  call.on('close', () => ended.abort());
  const isWanted = wantedBy(options);
  const filter = options.getFilter();
  const interval =
    (filter?.getMax() || searchWindow) * Math.max(1, filter?.getCheckpointintervalmultiplier() ?? 1);
  let index = startOf(node, options);
  let unmatched = 0;
  let left = node.faults.take('slow_consumer') ? 2 : Infinity;
  let isCaughtUp = false;
  const confirmation = new ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID());
  let isOpen = await writeInOrder(call, new ReadResp().setConfirmation(confirmation));
  while (isOpen && !ended.signal.aborted) {
    const record = log.records[index];
    if (record === undefined) {
      if (!isCaughtUp) isOpen = await writeInOrder(call, new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
      isCaughtUp = true;
      if (index === log.records.length) await changed(node, ended.signal);
      continue;
    }
    index += 1;
    if (isWanted(record)) {
      if (left === 0) return end(tooSlow());
      left -= 1;
      isOpen = await writeInOrder(call, eventResponse(record));
    } else if (filter && ++unmatched % interval === 0) {
      isOpen = await writeInOrder(call, checkpoint(record));
    }
  }
  node.subscriptions.delete(end);
}

function wantedBy(options: ReadReq.Options): (record: LogRecord) => boolean {
  const identifier = options.getStream()?.getStreamIdentifier();
  if (identifier === undefined) return recordFilter(options.getFilter());
  const stream = streamNameOf(identifier);
  const from = options.getStream()?.hasRevision() ? Number(options.getStream()?.getRevision()) : -1;
  return (record) => record.stream === stream && record.revision > from;
}

/** The place of a subscription is the last record that it does not want again. */
function startOf({ log, faults }: NodeContext, options: ReadReq.Options): number {
  const all = options.getAll();
  const position = all?.getPosition();
  const isFromEnd = (all ?? options.getStream())?.hasEnd() ?? false;
  const index = isFromEnd
    ? log.records.length
    : position
      ? log.indexAt(Number(position.getCommitPosition()) + 1)
      : 0;
  return faults.take('duplicate') ? Math.max(0, index - 3) : index;
}

function changed({ log }: NodeContext, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      unwatch();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const unwatch = log.watch(done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

function checkpoint({ position }: LogRecord): ReadResp {
  const place = new ReadResp.Checkpoint()
    .setCommitPosition(String(position))
    .setPreparePosition(String(position));
  return new ReadResp().setCheckpoint(place);
}
