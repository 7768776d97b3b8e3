import { accountOf } from './account';
import type { AccountRecord } from './account';
import { imbalance } from './booking';
import type { EntryRequest } from './commands';
import { amountDigitsMax, entriesMax, entriesMin, importedAmountDigitsMax } from './limits';
import { managedRefusal, reservedName } from './managed';
import type { OfLedger } from './managed';
import type { LedgerView } from './records';
import { BrokenInvariant, refuse } from '@fintech-ledger/contract';
import {
  accountClosed,
  accountFrozen,
  currencyMismatch,
  invalidAmount,
  tooFewEntries,
  tooManyEntries,
  unbalanced,
  unknownAccount,
} from './entry-refusals';
import type { Refusal, RefusalOf } from '@fintech-ledger/contract';
import type { entryRefusals, openRefusals, parsingRefusals } from './entry-refusals';

const patternOf = (digitsMax: number): RegExp => new RegExp(`^[1-9][0-9]{0,${digitsMax - 1}}$`);
const amountPattern = patternOf(amountDigitsMax);
const importedPattern = patternOf(importedAmountDigitsMax);
type Asking = Pick<OfLedger, 'isImport'>;

/**
 * An amount above zero in minor units from its text: 1 to 36 digits, no sign, no leading zero. Undefined when it is not
 * one. A file has what was booked: sums of amounts, too.
 */
export function parseAmount(text: unknown, { isImport = false }: Asking = {}): bigint | undefined {
  const pattern = isImport ? importedPattern : amountPattern;
  return typeof text === 'string' && pattern.test(text) ? BigInt(text) : undefined;
}

export interface ParsedEntry {
  readonly account: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly direction: EntryRequest['direction'];
}

export function parseEntries(
  entries: readonly EntryRequest[],
  param: string,
  asking: Asking,
): readonly ParsedEntry[] | RefusalOf<typeof parsingRefusals> {
  if (entries.length < entriesMin) {
    return refuse(
      tooFewEntries,
      `a transaction has at least ${entriesMin} entries, this one has ${entries.length}`,
      param,
    );
  }
  if (entries.length > entriesMax) {
    return refuse(
      tooManyEntries,
      `a transaction has at most ${entriesMax} entries, this one has ${entries.length}`,
      param,
    );
  }
  const parsed: ParsedEntry[] = [];
  for (let i = 0; i < entries.length; i += 1) {
    const entry = entries[i] as EntryRequest;
    const amount = parseAmount(entry.amount, asking);
    if (amount === undefined) return notAnAmount(`${param}/${i}/amount`, asking);
    parsed.push({ account: entry.account, amount, currency: entry.currency, direction: entry.direction });
  }
  return parsed;
}

export function notAnAmount(param: string, { isImport = false }: Asking): Refusal<'invalid_amount'> {
  const digitsMax = isImport ? importedAmountDigitsMax : amountDigitsMax;
  return refuse(
    invalidAmount,
    `an amount is a string of 1 to ${digitsMax} digits in minor units, above zero, without a leading zero`,
    param,
  );
}

export function unbalancedRefusal(entries: readonly ParsedEntry[]): Refusal<'unbalanced'> | undefined {
  const off = imbalance(entries);
  if (!off) return undefined;
  const more = off.difference > 0n ? 'debits' : 'credits';
  const difference = off.difference > 0n ? off.difference : -off.difference;
  return refuse(
    unbalanced,
    `in ${off.currency} the ${more} are ${difference} more than the ${more === 'debits' ? 'credits' : 'debits'}`,
    '/entries',
    { currency: off.currency, difference: String(off.difference) },
  );
}

/**
 * An account that may be posted to.
 * @param param the pointer to the entry that names it
 * @param ofLedger what the command says of its ledger
 */
export function usableAccount(
  view: LedgerView,
  entry: { readonly account: string; readonly currency: string },
  param: string,
  ofLedger: OfLedger = {},
): AccountRecord | RefusalOf<typeof entryRefusals> {
  const accountParam = `${param}/account`;
  if (ofLedger.managed !== undefined || entry.account.startsWith(reservedName)) {
    const managed = managedRefusal(ofLedger, entry.account, accountParam);
    if (managed) return managed;
  }
  const account = accountOf(view, entry.account);
  if (!account) {
    return refuse(unknownAccount, `there is no account ${entry.account} in this ledger`, accountParam);
  }
  const closed = notOpen(account, accountParam);
  if (closed) return closed;
  if (account.currency !== entry.currency) {
    return refuse(
      currencyMismatch,
      `${account.address} is in ${account.currency}, not in ${entry.currency}`,
      `${param}/currency`,
    );
  }
  return account;
}

/** The account of an entry that was booked. */
export function accountOfLine(
  view: LedgerView,
  { account: address }: { readonly account: string },
): AccountRecord {
  const account = accountOf(view, address);
  if (!account) throw new BrokenInvariant(`an entry stands on ${address}, which is not in the ledger`);
  return account;
}

/** Why nothing can be booked to an account. */
export function notOpen(
  { address, status }: AccountRecord,
  param?: string,
): RefusalOf<typeof openRefusals> | undefined {
  if (status === 'open') return undefined;
  return refuse(status === 'closed' ? accountClosed : accountFrozen, `${address} is ${status}`, param);
}
