import { setTimeout as delay } from 'node:timers/promises';
import { SmallLedger } from './small-ledger';
import type { LedgerClient } from './ledger-client';

/** A ledger with entries of every kind that readers tell apart, and a moment between them. */
export interface BookedLedger {
  readonly ledger: SmallLedger;
  /** Where it stood, and when that was, before the last of its transfers. */
  readonly position: string;
  readonly time: string;
  readonly transaction: string;
}

export async function bookToEdit(client: LedgerClient): Promise<BookedLedger> {
  const ledger = await SmallLedger.open(client, 'readers');
  const transfer = { debit_account: 'a', credit_account: 'b', amount: '5', currency: 'USD' };
  await ledger.transfer();
  await client.accepted(ledger.path('transfers'), { ...transfer, effective_at: '2020-01-01T10:00:00.000Z' });
  const { text } = await ledger.transfer();
  const {
    id: transaction,
    position,
    recorded_at: time,
  } = JSON.parse(text) as { id: string; position: string; recorded_at: string };
  // The moment has passed: what is booked from here on is later in both times.
  while (Date.now() <= Date.parse(time)) await delay(1);
  await ledger.transfer();
  await client.accepted(ledger.path('transfers'), { ...transfer, pending: true });
  return { ledger, position, time, transaction };
}

const account = (address: string): string => `account_key = read.account_key($1, '${address}')`;
const dated = `${account('a')} and is_dated`;
const beforeMoment = `${account('a')} and posted_debits = 19`;
const afterMoment = `${account('a')} and posted_debits = 26 and effect = 'P'`;
const ofLedger = `ledger_key = read.ledger_key($1)`;

/** Statements that no projector would make, by what they do. `$1` is the ledger. */
export const edits = {
  'an edited total': `update read.accounts set posted_debits = 999 where ${account('a')}`,
  'totals that were edited so that they balance': `update read.accounts set posted_debits = posted_debits + 1, posted_credits = posted_credits + 1 where ${ofLedger}`,
  'an edited address': `update read.accounts set address = 'c' where ${account('a')}`,
  'a type that is none': `update read.accounts set type = 'loan' where ${account('a')}`,
  'a status that is none': `update read.accounts set status = 'lost' where ${account('a')}`,
  'an edited opening': `update read.accounts set opened_ms = opened_ms - 1 where ${account('a')}`,
  'a version before the first': `update read.accounts set version = 0 where ${account('a')}`,
  'a deleted account': `delete from read.accounts where ${account('a')}`,
  'an edited amount of an entry': `update read.entries set amount = amount + 1 where ${dated}`,
  'an edited total of an entry': `update read.entries set posted_debits = posted_debits + 1 where ${beforeMoment}`,
  'an edited entry after the moment': `update read.entries set amount = amount + 1 where ${afterMoment}`,
  'an effect that is none': `update read.entries set effect = 'X' where ${dated}`,
  'a direction that is none': `update read.entries set direction = 'X' where ${dated}`,
  'an edited recorded time': `update read.entries set recorded_ms = recorded_ms + 86400000, effective_ms = effective_ms + 86400000 where ${beforeMoment}`,
  'an edited effective time': `update read.entries set effective_ms = effective_ms + 1 where ${dated}`,
  'an entry of another transaction': `update read.entries set transaction_id = (select id from read.transactions where ${ofLedger} order by revision limit 1) where ${dated}`,
  'an entry of no transaction': `update read.entries set transaction_id = 'txn_none' where ${dated}`,
  'a deleted entry': `delete from read.entries where ${dated}`,
  'a deleted last entry': `delete from read.entries where ${account('a')} and effect = 'H'`,
  'a deleted entry before the moment': `delete from read.entries where ${beforeMoment}`,
  'an edited sum of a day on one axis': `update read.dated_days set posted_debits = posted_debits + 1 where ${account('a')} and axis = 'E'`,
  'an edited sum of a day on both axes': `update read.dated_days set posted_debits = posted_debits + 1 where ${account('a')}`,
  'an edited sum of a span of time': `update read.dated_sums set posted_debits = posted_debits + 1 where key = read.account_key($1, 'a') and level = 2`,
  'an edited running total of dated entries': `update read.dated_totals set posted_debits = posted_debits + 1 where key = read.account_key($1, 'a')`,
  'lines that are no JSON': `update read.transactions set lines = '[[' where ${ofLedger}`,
  'lines with an amount that is none': `update read.transactions set lines = replace(lines, '"7"', '"x"') where ${ofLedger}`,
  'reversals that are no JSON': `update read.transactions set reversed_by = '' where ${ofLedger}`,
  'a status of a transaction that is none': `update read.transactions set status = 'X' where ${ofLedger}`,
} as const;
export type Edit = keyof typeof edits;

const ofAccount: readonly Edit[] = [
  'an edited total',
  'totals that were edited so that they balance',
  'a deleted last entry',
];
const ofEntry: readonly Edit[] = [
  'an edited amount of an entry',
  'an edited total of an entry',
  'an effect that is none',
  'a direction that is none',
  'an edited recorded time',
  'an edited effective time',
  'an entry of another transaction',
  'an entry of no transaction',
  'a deleted entry',
];
const ofRow: readonly Edit[] = [
  ...ofAccount,
  'an edited address',
  'a type that is none',
  'a status that is none',
  'an edited opening',
  'a version before the first',
];
const ofMoment: readonly Edit[] = [
  ...ofAccount,
  'an edited total of an entry',
  'an edited entry after the moment',
  'a deleted entry before the moment',
];
const ofDays: readonly Edit[] = [
  'an edited sum of a day on one axis',
  'an edited sum of a span of time',
  'an edited running total of dated entries',
];
const ofDay: readonly Edit[] = [
  'an edited sum of a day on both axes',
  'an edited amount of an entry',
  'a deleted entry',
];
const ofLines: readonly Edit[] = [
  'lines that are no JSON',
  'lines with an amount that is none',
  'reversals that are no JSON',
  'a status of a transaction that is none',
];

/** What each reader of a ledger finds. `{position}` and `{time}` are the moment's, `{transaction}` is one of it. A new reader is one more line. */
export const readers: readonly (readonly [path: string, finds: readonly Edit[]])[] = [
  ['accounts/a', [...ofRow, 'a deleted account']],
  ['accounts', ofRow],
  ['accounts/a/balance', [...ofRow, 'a deleted account']],
  ['accounts/a/balance?as_of={position}', [...ofMoment, 'a deleted account']],
  ['accounts/a/balance?as_of={time}&axis=recorded', [...ofMoment, 'a deleted account']],
  ['accounts/a/balance?as_of={time}&axis=effective', [...ofMoment, ...ofDays, 'a deleted account']],
  ['accounts/a/balance?as_of=2020-01-01T12:00:00Z&axis=effective', [...ofDays, ...ofDay]],
  ['accounts/a/entries', [...ofAccount, ...ofEntry, 'a deleted account']],
  ['accounts/a/entries?limit=1', ['an edited total', 'a deleted last entry']],
  ['accounts/a/entries?axis=effective', [...ofAccount, ...ofEntry, ...ofDays]],
  [
    'accounts/a/entries?axis=effective&to=2021-01-01T00:00:00Z',
    ['an edited amount of an entry', ...ofDays, ...ofDay.slice(0, 1)],
  ],
  ['balances', ofRow],
  ['balances?prefix=a', ofRow.filter((edit) => edit !== 'an edited address')],
  ['balances?group_by_segments=1', ofRow],
  ['trial-balance', [...ofRow, 'a deleted account']],
  ['trial-balance?as_of={position}', [...ofMoment, 'a deleted account']],
  ['trial-balance?as_of={time}&axis=recorded', ofMoment],
  ['trial-balance?as_of={time}&axis=effective', [...ofMoment, ...ofDays]],
  ['transactions/{transaction}', ofLines],
  // A list is merged from one of each status: it does not meet a row that has none.
  ['transactions', ofLines.filter((edit) => edit !== 'a status of a transaction that is none')],
  ['transactions?account=a', ofLines],
];
