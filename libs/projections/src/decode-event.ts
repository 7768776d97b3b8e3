import type { AccessEvent } from '@fintech-ledger/access';
import {
  journalPrefix,
  organizationPrefix,
  recomputeHash,
  streamOwner,
} from '@fintech-ledger/event-contracts';
import type { EventMetadata } from '@fintech-ledger/event-contracts';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { BookedEntry, LedgerEvent } from '@fintech-ledger/ledger';
import { imbalance } from '@fintech-ledger/ledger';
import { PoisonEvent } from '@fintech-ledger/projection-runtime';
import type { ReadModelEvent } from './event';
import { parseObject } from './parse-object';

const accountTypes: ReadonlySet<LedgerEvent['type']> = new Set([
  'AccountOpened',
  'AccountAmended',
  'AccountFrozen',
  'AccountUnfrozen',
  'AccountClosed',
  'AccountReopened',
]);
const moneyTypes: ReadonlySet<LedgerEvent['type']> = new Set([
  'TransactionPosted',
  'HoldPlaced',
  'HoldCaptured',
  'HoldVoided',
  'HoldExpired',
  'TransactionReversed',
]);
/** By type, the field that its data is about. */
const organizationFields: Readonly<Record<AccessEvent['type'], string>> = {
  OrganizationCreated: 'organization',
  ApiKeyCreated: 'apiKey',
  ApiKeyRevoked: 'apiKeyId',
  LedgerCreated: 'ledger',
  UnitDeclared: 'unit',
  UnitUsed: 'code',
};
const schemaVersion = 1;
/** Every type of event that `decodeEvent` reads, in version 1. */
export const decodableTypes: ReadonlySet<string> = new Set([
  ...accountTypes,
  ...moneyTypes,
  ...Object.keys(organizationFields),
]);

/**
 * Reads an event for all projections at once.
 * @throws PoisonEvent type or version is not known, the JSON can't be read or lacks what every projection needs, its entries don't balance, or its
 * content does not have the hash that it carries
 */
export function decodeEvent(recorded: RecordedEvent): ReadModelEvent {
  const { stream, type, revision, id } = recorded;
  const metadata = parseObject(recorded, recorded.metadata, 'metadata') as Partial<EventMetadata>;
  const { version, hash = '', previousHash = '', recordedAt = '', effectiveAt = '' } = metadata;
  if (version !== schemaVersion) {
    throw new PoisonEvent(
      recorded,
      `version ${String(version)} of its type is not known: upgrade this process`,
    );
  }
  const recordedMs = Date.parse(recordedAt);
  if (Number.isNaN(recordedMs)) throw new PoisonEvent(recorded, 'its recordedAt is not a time');
  if (stream.startsWith(journalPrefix)) {
    const event = decodeLedgerEvent(recorded);
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
  if (stream.startsWith(organizationPrefix) && Object.hasOwn(organizationFields, type)) {
    const field = organizationFields[type as AccessEvent['type']];
    const event = { type, data: dataWith(recorded, [field]) } as unknown as AccessEvent;
    assertSealed(recorded, hash);
    const organizationId = streamOwner(stream);
    return { kind: 'organization', organizationId, revision, recordedMs, event, hash, previousHash };
  }
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

function decodeLedgerEvent(recorded: RecordedEvent): LedgerEvent {
  const type = recorded.type as LedgerEvent['type'];
  if (accountTypes.has(type))
    return { type, data: dataWith(recorded, ['account', 'version']) } as unknown as LedgerEvent;
  if (!moneyTypes.has(type)) throw new PoisonEvent(recorded, 'its type is not known: upgrade this process');
  const data = dataWith(recorded, ['entries', 'transaction']);
  assertBalanced(recorded, data['entries']);
  return { type, data } as unknown as LedgerEvent;
}

function dataWith(recorded: RecordedEvent, fields: readonly string[]): Readonly<Record<string, unknown>> {
  const data = parseObject(recorded, recorded.data, 'data');
  for (const field of fields) {
    if (data[field] === undefined || data[field] === null)
      throw new PoisonEvent(recorded, `its data has no ${field}`);
  }
  return data;
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
