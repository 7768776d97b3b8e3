import type { EventMetadata } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { sentKey } from '@fintech-ledger/journal';
import { runningView } from '@fintech-ledger/ledger';
import { totalsFrom } from '@fintech-ledger/ledger/domain';
import type { BookedEntry } from '@fintech-ledger/ledger/domain';
import type { ReplayStep } from './replay-shape';

/** What an event did to an account, as the event itself says it: no read model is asked. */
export function replayStep(ledgerId: string, address: string, recorded: RecordedEvent): ReplayStep {
  const { id, type, revision } = recorded;
  const metadata = JSON.parse(recorded.metadata) as EventMetadata;
  const data = JSON.parse(recorded.data) as {
    readonly entries?: readonly BookedEntry[];
    readonly transaction?: { readonly id?: string };
  };
  const entries = (data.entries ?? []).filter(({ account }) => account === address);
  const last = entries.at(-1);
  return {
    object: 'replay_step',
    event: { id, type, revision },
    position: `${ledgerId}@${revision}`,
    recorded_at: metadata.recordedAt,
    effective_at: metadata.effectiveAt,
    actor: metadata.actor,
    request: {
      id: metadata.$correlationId,
      idempotency_key: sentKey(metadata.idempotencyKey, metadata.actor),
    },
    entries: entries.map(({ direction, amount, currency, effect }) => ({
      ...{ direction, amount, currency, effect },
      transaction: data.transaction?.id ?? null,
    })),
    // The last entry in an account has what it came to with all of them.
    balance: last === undefined ? null : runningView(last.accountType, totalsFrom(last.after)),
  };
}
