import type { RecordedEvent } from '@fintech-ledger/event-store';

type Place = Pick<RecordedEvent, 'stream' | 'revision' | 'id' | 'type'>;
const named = ({ stream, revision, id, type }: Place): string => `${stream}@${revision} (${type}, ${id})`;

/** An event that can't be read: unknown type or version, or not what its schema says. A person has to look. */
export class PoisonEvent extends Error {
  override readonly name = 'PoisonEvent';
  constructor(
    readonly event: Place,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`event ${named(event)}: ${reason}`, options);
  }
}

/** An event is missing before this one: the feed left it out, or the checkpoint was tampered with. */
export class GapFound extends Error {
  override readonly name = 'GapFound';
  constructor(
    readonly event: Place,
    /** The last revision that was applied; -1: none. */
    readonly applied: number,
  ) {
    super(
      `event ${named(event)} came after revision ${applied}: ${event.revision - applied - 1} missing before it`,
    );
  }
}

/** Another projector has moved the checkpoint; nothing of this batch was written. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';
}
