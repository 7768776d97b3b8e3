import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { AppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { AppendReq } from '@eventstore/db-client/generated/streams_pb';
import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import { expectedVersionOf } from './expected-version';
import type { LogOutcome } from './event-log';
import type { ExpectedVersion, ProposedRecord } from './log-record';
import type { NodeContext } from './node-context';
import { accessDenied, appendTooLarge, streamDeleted, unavailable } from './rpc-errors';
import { proposedRecord, sizeOnDisk, streamNameOf } from './wire-messages';

/** `Streams.Append`: one append a call, which the client uses for calls with credentials of their own. */
export function appendHandler(node: NodeContext) {
  return (call: ServerReadableStream<AppendReq, AppendResp>, callback: sendUnaryData<AppendResp>): void => {
    let options: AppendReq.Options | undefined;
    const events: ProposedRecord[] = [];
    call.on('error', () => undefined);
    call.on('data', (request: AppendReq) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message) events.push(proposedRecord(message));
    });
    call.on('end', () => {
      const refusal = node.refusal(call.metadata);
      if (refusal) return callback(refusal);
      const { faults } = node;
      if (faults.take('unavailable')) return callback(unavailable());
      if (faults.take('crash_before_commit')) return node.crash();
      const bytes = events.reduce((sum, event) => sum + sizeOnDisk(event), 0);
      if (bytes > node.appendBytesMax) return callback(appendTooLarge(node.appendBytesMax));
      const stream = streamNameOf(options?.getStreamIdentifier());
      const expected = options ? expectedVersionOf(options) : 'any';
      if (!node.users.mayWrite(call.metadata, stream)) return callback(accessDenied());
      const outcome = node.log.append(stream, expected, events);
      node.log.indexed(events);
      if (faults.take('crash_after_commit')) return node.crash();
      if (faults.take('drop_reply')) return undefined;
      if (outcome.kind === 'stream_deleted') return callback(streamDeleted(stream));
      if (outcome.kind === 'dropped') return undefined;
      return callback(null, responseTo(expected, outcome));
    });
  };
}

function responseTo(
  expected: ExpectedVersion,
  outcome: Exclude<LogOutcome, { kind: 'stream_deleted' | 'dropped' }>,
): AppendResp {
  if (outcome.kind === 'stored') {
    const position = new AppendResp.Position()
      .setCommitPosition(String(outcome.position))
      .setPreparePosition(String(outcome.position));
    const success = new AppendResp.Success()
      .setCurrentRevision(String(outcome.revision))
      .setPosition(position);
    return new AppendResp().setSuccess(success);
  }
  const found = new AppendResp.WrongExpectedVersion();
  if (outcome.current === null) found.setCurrentNoStream(new Empty());
  else found.setCurrentRevision(String(outcome.current));
  if (expected === 'any') found.setExpectedAny(new Empty());
  else if (expected === 'no_stream') found.setExpectedNoStream(new Empty());
  else if (expected === 'stream_exists') found.setExpectedStreamExists(new Empty());
  else found.setExpectedRevision(String(expected));
  return new AppendResp().setWrongExpectedVersion(found);
}
