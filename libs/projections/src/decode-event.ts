import type { AccessEvent } from '@fintech-ledger/access';
import { journalPrefix, organizationPrefix, streamOwner } from '@fintech-ledger/event-contracts';
import type { EventMetadata } from '@fintech-ledger/event-contracts';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { BookedEntry, LedgerEvent } from '@fintech-ledger/ledger';
import { imbalance } from '@fintech-ledger/ledger';
import { PoisonEvent } from '@fintech-ledger/projection-runtime';
import type { ReadModelEvent } from './event';

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
 * @throws PoisonEvent type or version is not known, the JSON can't be read or lacks what every projection needs, or its entries don't balance
 */
export function decodeEvent(recorded: RecordedEvent): ReadModelEvent {
  const { stream, type, revision, id } = recorded;
  const metadata = parse(recorded, recorded.metadata, 'metadata') as Partial<EventMetadata>;
  if (metadata.version !== schemaVersion) {
    throw new PoisonEvent(recorded, `version ${String(metadata.version)} of its type is not known`);
  }
  const recordedMs = Date.parse(metadata.recordedAt ?? '');
  if (Number.isNaN(recordedMs)) throw new PoisonEvent(recorded, 'its recordedAt is not a time');
  if (stream.startsWith(journalPrefix)) {
    const event = decodeLedgerEvent(recorded);
    const effectiveMs =
      metadata.effectiveAt === metadata.recordedAt ? recordedMs : Date.parse(metadata.effectiveAt ?? '');
    if (Number.isNaN(effectiveMs)) throw new PoisonEvent(recorded, 'its effectiveAt is not a time');
    return { kind: 'journal', ledgerId: streamOwner(stream), revision, id, recordedMs, effectiveMs, event };
  }
  if (stream.startsWith(organizationPrefix) && Object.hasOwn(organizationFields, type)) {
    const field = organizationFields[type as AccessEvent['type']];
    const event = { type, data: dataWith(recorded, [field]) } as unknown as AccessEvent;
    return { kind: 'organization', organizationId: streamOwner(stream), revision, recordedMs, event };
  }
  throw new PoisonEvent(recorded, 'its type is not known');
}

function decodeLedgerEvent(recorded: RecordedEvent): LedgerEvent {
  const type = recorded.type as LedgerEvent['type'];
  if (accountTypes.has(type))
    return { type, data: dataWith(recorded, ['account', 'version']) } as unknown as LedgerEvent;
  if (!moneyTypes.has(type)) throw new PoisonEvent(recorded, 'its type is not known');
  const data = dataWith(recorded, ['entries', 'transaction']);
  assertBalanced(recorded, data['entries']);
  return { type, data } as unknown as LedgerEvent;
}

function dataWith(recorded: RecordedEvent, fields: readonly string[]): Readonly<Record<string, unknown>> {
  const data = parse(recorded, recorded.data, 'data');
  for (const field of fields) {
    if (data[field] === undefined || data[field] === null)
      throw new PoisonEvent(recorded, `its data has no ${field}`);
  }
  return data;
}

function parse(recorded: RecordedEvent, text: string, what: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (cause) {
    throw new PoisonEvent(recorded, `its ${what} is not JSON`, { cause });
  }
  throw new PoisonEvent(recorded, `its ${what} is not a JSON object`);
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
