import { MaximumAppendSizeExceeded, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import {
  AppendTooLarge,
  OutcomeUnknown,
  revision,
  StoreUnavailable,
  StreamGone,
  WrongExpectedRevision,
} from '../../port';
import type { ExpectedRevision, Revision } from '../../port';
import type { LogPosition } from './position';

/** Where the last event of a successful append is. */
export interface Stored {
  readonly revision: Revision;
  readonly position: LogPosition | undefined;
}

/** Sent in place of an outcome when the server has not taken the append at all. */
const notTaken = new Set(['Server Is Not Ready', 'Server Is Busy', 'No leader info available in response']);

/**
 * What the server says became of an append.
 * @throws WrongExpectedRevision, OutcomeUnknown, StoreUnavailable, AppendTooLarge, StreamGone; Error for a bad request
 */
export function readAnswer(response: BatchAppendResp, stream: string, expected: ExpectedRevision): Stored {
  const success = response.getSuccess();
  if (success) {
    const position = success.getPosition();
    return {
      revision: revision(Number(success.getCurrentRevision())),
      position: position && {
        commit: position.getCommitPosition(),
        prepare: position.getPreparePosition(),
      },
    };
  }
  const error = response.getError();
  const details = error?.getDetails();
  const kind = details?.getTypeName().replace(/^event_store\.client\./, '') ?? '';
  const message = error?.getMessage() || kind;
  switch (kind) {
    case 'WrongExpectedVersion': {
      const found = WrongExpectedVersion.deserializeBinary(details?.getValue_asU8() ?? new Uint8Array());
      const actual = found.hasCurrentStreamRevision()
        ? revision(Number(found.getCurrentStreamRevision()))
        : null;
      throw new WrongExpectedRevision(stream, expected, actual);
    }
    case 'MaximumAppendSizeExceeded': {
      const found = MaximumAppendSizeExceeded.deserializeBinary(details?.getValue_asU8() ?? new Uint8Array());
      throw new AppendTooLarge(
        `EventStoreDB takes at most ${found.getMaxappendsize()} bytes at once (its option MaxAppendSize)`,
      );
    }
    case 'AccessDenied':
      throw new StoreUnavailable(
        `EventStoreDB does not let the user of the connection string write to ${stream}: give it the right to`,
      );
    case 'StreamDeleted':
      throw new StreamGone(stream);
    case 'BadRequest':
      throw new Error(`EventStoreDB found an append to ${stream} to be no valid request: ${message}`);
    default:
      if (notTaken.has(message))
        throw new StoreUnavailable(`EventStoreDB did not take an append: ${message}`);
      // Timeout: the leader gave up waiting for the others. Unknown, InvalidTransaction, InternalError: it does not say.
      throw new OutcomeUnknown(`EventStoreDB does not know what became of an append: ${message}`);
  }
}
