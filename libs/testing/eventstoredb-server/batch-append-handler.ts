import {
  AccessDenied,
  AllStreamPosition,
  MaximumAppendSizeExceeded,
  StreamDeleted,
  Timeout,
  UUID,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import type { LogOutcome } from './event-log';
import type { ExpectedVersion, ProposedRecord } from './log-record';
import type { NodeContext } from './node-context';
import { unavailable } from './rpc-errors';
import { identifierOf, proposedRecord, sizeOnDisk, streamNameOf } from './wire-messages';

interface PendingAppend {
  readonly stream: string;
  readonly expected: ExpectedVersion;
  readonly events: ProposedRecord[];
  /** When its caller gives up, by the server's clock. */
  readonly deadlineMs: number;
}

/** `Streams.BatchAppend`: many appends on one stream, each in one message or more, answered by correlation id. */
export function batchAppendHandler(node: NodeContext) {
  return (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void => {
    const pending = new Map<string, PendingAppend>();
    call.on('error', () => undefined);
    call.on('end', () => call.end());
    const refusal = node.refusal(call.metadata);
    if (refusal) call.emit('error', refusal);
    else call.on('data', (request: BatchAppendReq) => take(request));

    function take(request: BatchAppendReq): void {
      const id = request.getCorrelationId()?.getString() ?? '';
      const options = request.getOptions();
      if (options) pending.set(id, { ...pendingOf(options), events: [] });
      const append = pending.get(id);
      if (append === undefined) return;
      append.events.push(...request.getProposedMessagesList().map(proposedRecord));
      const bytes = append.events.reduce((sum, event) => sum + sizeOnDisk(event), 0);
      if (bytes > node.appendBytesMax) {
        pending.delete(id);
        const found = new MaximumAppendSizeExceeded().setMaxappendsize(node.appendBytesMax);
        answer(id, append.stream, failure('MaximumAppendSizeExceeded', found));
      } else if (request.getIsFinal()) {
        pending.delete(id);
        commit(id, append);
      }
    }

    function commit(id: string, { stream, expected, events, deadlineMs }: PendingAppend): void {
      const notTaken = node.refusal(call.metadata);
      if (notTaken) return void call.emit('error', notTaken);
      const { faults } = node;
      if (faults.take('not_ready')) return answer(id, stream, notReady());
      if (faults.take('unavailable')) return void call.emit('error', unavailable());
      if (faults.take('crash_before_commit')) return node.crash();
      if (!node.users.mayWrite(call.metadata, stream))
        return answer(id, stream, failure('AccessDenied', new AccessDenied()));
      // A deadline is a time of the caller's clock: one that is behind gives up before the server begins.
      if (deadlineMs <= node.nowMs()) return answer(id, stream, timedOut());
      const outcome = node.log.append(stream, expected, events);
      if (outcome.kind === 'dropped')
        return later(node.commitTimeoutMs, () => answer(id, stream, timedOut()));
      if (faults.take('crash_after_commit')) {
        // The other nodes have it, and so has this one when it is back.
        node.log.indexed(events);
        return node.crash();
      }
      const reply = replyTo(outcome, { stream, expected, events, deadlineMs });
      // What is stored is answered when it is in the index.
      later(faults.indexMs, () => {
        node.log.indexed(events);
        if (reply === undefined) return;
        if (faults.delayMs > 0) later(faults.delayMs, () => answer(id, stream, reply));
        else answer(id, stream, reply);
      });
    }

    function replyTo(outcome: LogOutcome, { stream, expected }: PendingAppend): BatchAppendResp | undefined {
      if (node.faults.take('drop_reply')) return undefined;
      return node.faults.take('timeout') ? timedOut() : responseTo(stream, expected, outcome);
    }

    function answer(id: string, stream: string, response: BatchAppendResp): void {
      if (call.cancelled || call.writableEnded) return;
      call.write(
        response.setCorrelationId(new UUID().setString(id)).setStreamIdentifier(identifierOf(stream)),
      );
    }
  };
}

function later(milliseconds: number, done: () => void): void {
  if (milliseconds > 0) setTimeout(done, milliseconds).unref();
  else setImmediate(done);
}

function pendingOf(options: BatchAppendReq.Options): Omit<PendingAppend, 'events'> {
  const stream = streamNameOf(options.getStreamIdentifier());
  const deadlineMs = options.getDeadline()?.toDate().getTime() ?? Infinity;
  return { stream, expected: expectedOf(options), deadlineMs };
}

function expectedOf(options: BatchAppendReq.Options): ExpectedVersion {
  if (options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return Number(options.getStreamPosition());
}

function responseTo(stream: string, expected: ExpectedVersion, outcome: LogOutcome): BatchAppendResp {
  if (outcome.kind === 'stream_deleted') {
    return failure('StreamDeleted', new StreamDeleted().setStreamIdentifier(identifierOf(stream)));
  }
  if (outcome.kind === 'wrong_expected_version') {
    const found = new WrongExpectedVersion();
    if (outcome.current === null) found.setCurrentNoStream(new Empty());
    else found.setCurrentStreamRevision(String(outcome.current));
    if (expected === 'any') found.setExpectedAny(new Empty());
    else if (expected === 'no_stream') found.setExpectedNoStream(new Empty());
    else if (expected === 'stream_exists') found.setExpectedStreamExists(new Empty());
    else found.setExpectedStreamPosition(String(expected));
    return failure('WrongExpectedVersion', found);
  }
  if (outcome.kind === 'dropped') return timedOut();
  const position = new AllStreamPosition()
    .setCommitPosition(String(outcome.position))
    .setPreparePosition(String(outcome.position));
  const success = new BatchAppendResp.Success()
    .setCurrentRevision(String(outcome.revision))
    .setPosition(position);
  return new BatchAppendResp().setSuccess(success);
}

const timedOut = (): BatchAppendResp => failure('Timeout', new Timeout());

function failure(kind: string, details: { serializeBinary(): Uint8Array }): BatchAppendResp {
  const any = new Any();
  any.pack(details.serializeBinary(), `event_store.client.${kind}`);
  return new BatchAppendResp().setError(new Status().setMessage(kind).setDetails(any));
}

function notReady(): BatchAppendResp {
  const any = new Any();
  any.pack(new Empty().serializeBinary(), 'google.protobuf.Empty');
  return new BatchAppendResp().setError(new Status().setMessage('Server Is Not Ready').setDetails(any));
}
