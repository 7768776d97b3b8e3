import { eventType, exactly, nextVersion, object } from '@fintech-ledger/contract';
import type { EventType, ObjectSchema, Schema } from '@fintech-ledger/contract';
import { accountKey } from './account';
import type { AccountStatus, AccountTerms } from './account';
import type { StatusCommandType } from './account-commands';
import { allLines } from './amendment';
import type { Amendment } from './amendment';
import { accountTerms, accountVersion } from './event-shapes';
import { transactionKey } from './records';
import type { BookedEntry, TransactionHeader, TransactionSnapshot } from './transaction';

/** The data of an event that changes an account's terms. */
export interface AccountFacts {
  /** After the event. */
  readonly account: AccountTerms;
  readonly version: number;
}

/** The data of an event that moves money. Its entries balance for each currency and effect. */
export interface MoneyFacts {
  readonly entries: readonly BookedEntry[];
  readonly transaction: TransactionHeader;
}

/** What a ledger knows of an event type besides its shape. */
export interface LedgerEventType<out N extends string, D extends object> extends EventType<N, D> {
  /** Whether `transaction` is a new transaction with the event's entries as its lines. */
  readonly begins: boolean;
  /** What the event does to an earlier transaction; absent: nothing. */
  amends?(data: D): Amendment | undefined;
  /** When the event counts; absent: when its transaction does, else when it was recorded. */
  effectiveAt?(data: D, recordedAt: string): string;
}

/** An event that changes the terms of an account. */
export function accountEvent<const N extends string>(definition: {
  readonly name: N;
  readonly description: string;
  readonly status: Schema<AccountStatus>;
  readonly version?: Schema<number>;
}): LedgerEventType<N, AccountFacts> {
  const { name, description, status, version = accountVersion } = definition;
  const schema = object<AccountFacts>({ account: accountTerms(status), version });
  const touches = ({ account }: AccountFacts): readonly string[] => [accountKey(account.address)];
  return {
    ...eventType({ name, description, schema, touches }),
    begins: false,
  };
}

/** An event that changes the status of an account, and nothing else. */
export interface StatusEventType<out N extends string, By extends StatusCommandType> extends LedgerEventType<
  N,
  AccountFacts
> {
  /** The command that makes it. */
  readonly by: By;
  readonly to: AccountStatus;
  /** The one status that it was before; absent: there are several. */
  readonly before?: AccountStatus;
  /** What clients are told that it is. */
  readonly told: string;
}

export function statusEvent<const N extends string, const By extends StatusCommandType>(
  definition: Pick<StatusEventType<N, By>, 'name' | 'by' | 'to' | 'before' | 'told'> & {
    readonly description: string;
  },
): StatusEventType<N, By> {
  const { name, description, ...status } = definition;
  return { ...accountEvent({ name, description, status: exactly(status.to) }), ...status };
}

export interface RecordingEventType<out N extends string, D extends object> extends LedgerEventType<N, D> {
  readonly changesNothing: true;
}

/** An event that says something and changes no record. */
export function recordingEvent<const N extends string, D extends object>(definition: {
  readonly name: N;
  readonly description: string;
  readonly schema: ObjectSchema<D>;
}): RecordingEventType<N, D> {
  return {
    ...eventType<N, D>({ ...definition, touches: () => [] }),
    changesNothing: true,
    begins: false,
  };
}

interface MoneyEventDefinition<N extends string, D extends MoneyFacts> {
  readonly name: N;
  readonly description: string;
  readonly schema: ObjectSchema<D>;
}

/** The accounts that an event books on, by their keys. */
export const touchedAccounts = ({ entries }: MoneyFacts): readonly string[] =>
  entries.map(({ account }) => accountKey(account));

export interface BeginningEventType<out N extends string, D extends MoneyFacts> extends LedgerEventType<
  N,
  D
> {
  /** The event says all of its transaction, and changes no other. */
  readonly standsAlone: true;
}

/** An event whose transaction is a new one. */
export function beginningEvent<const N extends string, D extends MoneyFacts>(
  definition: MoneyEventDefinition<N, D>,
): BeginningEventType<N, D> {
  return {
    ...eventType<N, D>({ ...definition, touches: touchedAccounts }),
    standsAlone: true,
    begins: true,
  };
}

export interface AmendingFacts extends MoneyFacts {
  /** When it counts, where an import says so. */
  readonly effectiveAt?: string;
  /** After the event. */
  readonly transaction: TransactionSnapshot;
}

/** An event whose transaction is an earlier one. */
export function amendingEvent<const N extends string>(
  definition: MoneyEventDefinition<N, AmendingFacts> & {
    /** When it happened; it never counts before its transaction does. */
    readonly happenedAt?: (transaction: TransactionHeader, recordedAt: string) => string;
  },
): LedgerEventType<N, AmendingFacts> {
  const { happenedAt = (_, recordedAt) => recordedAt } = definition;
  return {
    ...eventType<N, AmendingFacts>({ ...definition, touches: touchedAccounts }),
    begins: false,
    amends: ({ transaction }) => ({
      ...allLines(transaction.lines),
      id: transaction.id,
      status: transaction.status,
      whole: transaction,
    }),
    effectiveAt: ({ effectiveAt, transaction }, recordedAt) =>
      effectiveAt ?? later(transaction.effectiveAt, happenedAt(transaction, recordedAt)),
  };
}

/** The next version of an event that changes an earlier transaction: it tells what changed. It counts when it did. */
export function nextAmendingVersion<N extends string, Before extends MoneyFacts, D extends MoneyFacts>(
  before: LedgerEventType<N, Before>,
  definition: Omit<MoneyEventDefinition<N, D>, 'name'> & {
    upcast(data: Before): D;
    amends(data: D): Amendment;
    effectiveAt(data: D, recordedAt: string): string;
  },
): LedgerEventType<N, D> {
  const { amends, effectiveAt } = definition;
  /** What is not whole is laid over what was there. */
  const touches = (data: D): readonly string[] => {
    const { id, whole } = amends(data);
    return whole ? touchedAccounts(data) : [...touchedAccounts(data), transactionKey(id)];
  };
  return { ...nextVersion(before, { ...definition, touches }), begins: before.begins, amends, effectiveAt };
}

/** Times in the ledger's form sort as texts. */
export const later = (a: string, b: string): string => (a > b ? a : b);
