import { timeSortableId } from '@fintech-ledger/envelope';
import type { AppendRoom } from './append-room';
import type { DecideContext } from './domain';
import type { CommandEnvelope } from './gateway';
import { saidRevision } from './trying';
import type { Moment, WriterPosition } from './writer-position';
import type { Trying } from './trying';

/** Time and ids of a decision, for the events that come next in the stream. */
export function decideContext<C>(
  stream: string,
  envelope: CommandEnvelope<C>,
  at: Moment,
  { position, room }: { readonly position: WriterPosition; readonly room: AppendRoom },
): DecideContext {
  const bornMs = Date.parse(at.recordedAt);
  // Not `...at`: V8 takes microseconds to add members to a copy.
  return {
    recordedAt: at.recordedAt,
    now: at.now,
    organizationId: envelope.organizationId,
    isOutcome: envelope.isOutcome ?? false,
    eventBytesMax: room.commandBytesMax,
    newId: (prefix, i) => timeSortableId(prefix, bornMs, position.tip.revision + 1 + i, stream),
  };
}

/** What the answer to a command says of where it was decided. */
export function saidAt(trying: Trying, { dryRun = false }: { readonly dryRun?: boolean }, revision: number) {
  return { revision: saidRevision(trying, revision), dryRun: dryRun || trying.triedAfter !== undefined };
}
