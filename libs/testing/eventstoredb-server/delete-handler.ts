import { DeleteResp, TombstoneResp } from '@eventstore/db-client/generated/streams_pb';
import type { DeleteReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb';
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { expectedVersionOf } from './expected-version';
import type { NodeContext } from './node-context';
import { streamDeleted, unavailable, wrongExpectedVersion } from './rpc-errors';
import type { RpcError } from './rpc-errors';
import { streamNameOf } from './wire-messages';

/** `Streams.Delete`: the events are gone, the stream may go on. */
export function deleteHandler(node: NodeContext) {
  return (call: ServerUnaryCall<DeleteReq, DeleteResp>, callback: sendUnaryData<DeleteResp>): void => {
    const result = remove(node, call, false);
    if (typeof result !== 'string') return callback(result);
    const position = new DeleteResp.Position().setCommitPosition(result).setPreparePosition(result);
    return callback(null, new DeleteResp().setPosition(position));
  };
}

/** `Streams.Tombstone`: the stream is gone for good. */
export function tombstoneHandler(node: NodeContext) {
  return (
    call: ServerUnaryCall<TombstoneReq, TombstoneResp>,
    callback: sendUnaryData<TombstoneResp>,
  ): void => {
    const result = remove(node, call, true);
    if (typeof result !== 'string') return callback(result);
    const position = new TombstoneResp.Position().setCommitPosition(result).setPreparePosition(result);
    return callback(null, new TombstoneResp().setPosition(position));
  };
}

/** @returns the position, or why not */
function remove(
  node: NodeContext,
  call: ServerUnaryCall<DeleteReq, DeleteResp> | ServerUnaryCall<TombstoneReq, TombstoneResp>,
  isTombstone: boolean,
): string | RpcError {
  const refusal = node.refusal(call.metadata);
  if (refusal) return refusal;
  if (node.faults.take('unavailable')) return unavailable();
  const options = call.request.getOptions();
  const stream = streamNameOf(options?.getStreamIdentifier());
  const expected = options ? expectedVersionOf(options) : 'any';
  const outcome = node.log.delete(stream, expected, isTombstone);
  if (outcome.kind === 'stream_deleted') return streamDeleted(stream);
  if (outcome.kind === 'stored') return String(outcome.position);
  const current = outcome.kind === 'dropped' ? null : outcome.current;
  return wrongExpectedVersion(stream, String(expected), String(current ?? -1));
}
