import { accessEvents } from '@fintech-ledger/access/domain';
import type { AccessEvent } from '@fintech-ledger/access/domain';
import { journalPrefix, organizationPrefix, recomputeHash, streamOwner } from '@fintech-ledger/envelope';
import type { EventMetadata } from '@fintech-ledger/envelope';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { BookedEntry, LedgerEvent } from '@fintech-ledger/ledger/domain';
import { imbalance, ledgerEvents, movesMoney } from '@fintech-ledger/ledger/domain';
import { PoisonEvent, parseObject } from '@fintech-ledger/projection-runtime';
import type { ReadModelEvent } from './event';
import { readData } from './read-data';

/** Every type of event that `decodeEvent` reads. */
export const decodableTypes: ReadonlySet<string> = new Set([...ledgerEvents.names, ...accessEvents.names]);

/**
 * Reads an event for all projections at once.
 * @throws PoisonEvent type or version is not known, the JSON can't be read or lacks what every projection needs, its entries don't balance, or its
 * content does not have the hash that it carries
 */
export function decodeEvent(recorded: RecordedEvent): ReadModelEvent {
  const { stream, type, revision, id } = recorded;
  const metadata = parseObject(recorded, recorded.metadata, 'metadata') as Partial<EventMetadata>;
  const { version, hash = '', previousHash = '', recordedAt = '', effectiveAt = '' } = metadata;
  const isJournal = stream.startsWith(journalPrefix);
  const data = readData(recorded, isJournal ? ledgerEvents : organizationEvents(recorded), version);
  const recordedMs = Date.parse(recordedAt);
  if (Number.isNaN(recordedMs)) throw new PoisonEvent(recorded, 'its recordedAt is not a time');
  if (isJournal) {
    const event = { type, data } as unknown as LedgerEvent;
    if (movesMoney(event)) assertBalanced(recorded, event.data.entries);
    const effectiveMs = effectiveAt === recordedAt ? recordedMs : Date.parse(effectiveAt);
    if (Number.isNaN(effectiveMs)) throw new PoisonEvent(recorded, 'its effectiveAt is not a time');
    assertSealed(recorded, hash);
    const ledgerId = streamOwner(stream);
    return {
      kind: 'journal',
      ledgerId,
      revision,
      id,
      recordedMs,
      effectiveMs,
      event,
      hash,
      previousHash,
    };
  }
  assertSealed(recorded, hash);
  return {
    kind: 'organization',
    organizationId: streamOwner(stream),
    revision,
    recordedMs,
    event: { type, data } as unknown as AccessEvent,
    hash,
    previousHash,
  };
}

function organizationEvents(recorded: RecordedEvent): typeof accessEvents {
  if (recorded.stream.startsWith(organizationPrefix)) return accessEvents;
  throw new PoisonEvent(recorded, 'its type is not known: upgrade this process');
}

/** The hash is computed anew from the stored texts: an event that was edited in the store, or on its way, is not projected. */
function assertSealed(recorded: RecordedEvent, hash: string): void {
  const computed = recomputeHash(recorded);
  if (hash !== '' && computed === hash) return;
  throw new PoisonEvent(
    recorded,
    `it was changed: its hash is ${hash || 'missing'}, its content has ${computed ?? 'none'}. "ledgerctl verify" finds all that were`,
  );
}

/** The other half of the assertion that the writer makes: for each currency and effect, debits equal credits. */
function assertBalanced(recorded: RecordedEvent, value: unknown): void {
  if (!Array.isArray(value) || value.length === 0) throw new PoisonEvent(recorded, 'it has no entries');
  const entries = value as readonly BookedEntry[];
  const [first, second] = entries;
  const isPlainPair =
    entries.length === 2 &&
    first?.amount === second?.amount &&
    first?.currency === second?.currency &&
    first?.effect === second?.effect &&
    first?.direction !== second?.direction;
  if (isPlainPair) return;
  for (const effect of new Set(entries.map((entry) => entry.effect))) {
    const sameEffect = entries.filter((entry) => entry.effect === effect);
    const off = imbalance(sameEffect.map((entry) => ({ ...entry, amount: BigInt(entry.amount) })));
    if (off)
      throw new PoisonEvent(recorded, `its ${effect} entries differ by ${off.difference} ${off.currency}`);
  }
}
