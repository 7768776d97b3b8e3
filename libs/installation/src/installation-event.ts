import { genesisHash, installationStream, sealMetadata } from '@fintech-ledger/event-contracts';
import type { EventToAppend, RecordedEvent } from '@fintech-ledger/event-store';
import { knownHashOf } from './known-hash';

/** The next event of the installation's own stream, chained by hashes as those of all streams are. */
export function installationEvent(event: {
  readonly id: string;
  readonly type: string;
  /** Canonical JSON. */
  readonly data: string;
  /** The last one that is there. */
  readonly last: RecordedEvent | undefined;
  readonly recordedMs: number;
  readonly actor: string;
}): EventToAppend {
  const { id, type, data, last } = event;
  const recordedAt = new Date(event.recordedMs).toISOString();
  const revision = last === undefined ? 0 : last.revision + 1;
  const sealed = sealMetadata(
    { id, stream: installationStream, revision, type, data },
    {
      $correlationId: id,
      actor: event.actor,
      commandIndex: 0,
      commandSize: 1,
      effectiveAt: recordedAt,
      organizationId: '',
      previousHash: last === undefined ? genesisHash : knownHashOf(last),
      recordedAt,
      version: 1,
    },
  );
  return { id, type, data, metadata: sealed.text };
}
