import { hash } from 'node:crypto';
import { journalStream } from '@fintech-ledger/envelope';

/** A ledger's own key, and those of its accounts by their addresses. */
interface LedgerKeys {
  readonly ledger: string;
  readonly accounts: Map<string, string>;
}

const ledgers = new Map<string, LedgerKeys>();
let last: { readonly id: string; readonly keys: LedgerKeys } | undefined;
let kept = 0;
/** Keys kept in memory, each about 150 bytes; a hash costs a microsecond. */
const keysMax = 200_000;

/** `read.ledger_key` of the schema: 128 bits of SHA-256, hex. */
export function ledgerKey(ledgerId: string): string {
  return keysOf(ledgerId).ledger;
}

/** `read.account_key` of the schema. It contains the ledger: no query can reach a foreign ledger's account. */
export function accountKey(ledgerId: string, address: string): string {
  const { accounts } = keysOf(ledgerId);
  const known = accounts.get(address);
  if (known !== undefined) return known;
  const key = keyOf(`${ledgerId}/${address}`);
  countOne();
  // A copy of its own, or all of the event is kept that it was cut from.
  accounts.set(Buffer.from(address).toString(), key);
  return key;
}

function keysOf(ledgerId: string): LedgerKeys {
  // Events of one ledger follow one another.
  if (last?.id === ledgerId) return last.keys;
  let keys = ledgers.get(ledgerId);
  if (keys === undefined) {
    countOne();
    keys = { ledger: keyOf(ledgerId), accounts: new Map() };
    ledgers.set(ledgerId, keys);
  }
  last = { id: ledgerId, keys };
  return keys;
}

function countOne(): void {
  kept += 1;
  if (kept <= keysMax) return;
  for (const { accounts } of ledgers.values()) accounts.clear();
  ledgers.clear();
  last = undefined;
  kept = 1;
}

function keyOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** What every query of a ledger needs of it. */
export interface LedgerScope {
  readonly ledgerId: string;
  readonly ledgerKey: string;
  readonly stream: string;
}

export function ledgerScope(ledgerId: string): LedgerScope {
  return { ledgerId, ledgerKey: ledgerKey(ledgerId), stream: journalStream(ledgerId) };
}
