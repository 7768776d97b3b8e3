import { availableBalance, movesMoney, normalDirection, postedBalance } from '@fintech-ledger/ledger/domain';
import type {
  AccountRecord,
  AccountTotals,
  JournalFact,
  TransactionSnapshot,
} from '@fintech-ledger/ledger/domain';
import { insist } from '../insist';
import type { InMemoryLedger } from './in-memory-ledger';
import { LineSums } from './line-sums';

type Sums = { -readonly [K in keyof AccountTotals]: bigint };
const none = (): Sums => ({ postedDebits: 0n, postedCredits: 0n, pendingDebits: 0n, pendingCredits: 0n });
const totals = ['postedDebits', 'postedCredits', 'pendingDebits', 'pendingCredits'] as const;

/**
 * The books kept a second time, the plainest way: from entries alone, with nothing of the domain's own arithmetic. The state that
 * the domain keeps is held against them.
 */
export class PlainBooks {
  private readonly byAccount = new Map<string, Sums>();
  private readonly lineSums = new LineSums();
  /** Accounts that an allowed overdraft took out of their bounds. */
  private readonly excused = new Set<string>();

  add(event: JournalFact): void {
    if (!movesMoney(event)) return;
    for (const { account, amount, direction, effect } of event.data.entries) {
      const sums = this.byAccount.get(account) ?? none();
      this.byAccount.set(account, sums);
      const [posted, pending] =
        direction === 'debit'
          ? (['postedDebits', 'pendingDebits'] as const)
          : (['postedCredits', 'pendingCredits'] as const);
      if (effect === 'post' || effect === 'capture') sums[posted] += BigInt(amount);
      if (effect === 'hold') sums[pending] += BigInt(amount);
      if (effect === 'release' || effect === 'capture') sums[pending] -= BigInt(amount);
    }
    this.lineSums.add(event);
  }

  /** An administrator allowed these accounts to leave their bounds. */
  excuse(addresses: readonly string[]): void {
    for (const address of addresses) this.excused.add(address);
  }

  /** @throws Error when the state is not what the entries give, or an invariant of the ledger does not hold */
  check(ledger: InMemoryLedger<JournalFact>): void {
    const accounts: AccountRecord[] = [];
    const transactions: TransactionSnapshot[] = [];
    for (const record of ledger.records.values()) {
      if (record.kind === 'account') accounts.push(record);
      if (record.kind === 'transaction') transactions.push(record.snapshot);
    }
    this.checkBalances(accounts);
    for (const account of accounts) this.checkBounds(account);
    this.lineSums.check(accounts, transactions);
  }

  /** Every balance is the fold of its entries, and for each currency debits equal credits, posted and pending. */
  private checkBalances(accounts: readonly AccountRecord[]): void {
    const byCurrency = new Map<string, Sums>();
    for (const account of accounts) {
      const folded = this.byAccount.get(account.address) ?? none();
      const sums = byCurrency.get(account.currency) ?? none();
      byCurrency.set(account.currency, sums);
      for (const key of totals) {
        insist(
          account[key] === folded[key],
          () => `${key} of ${account.address}: ${account[key]} = ${folded[key]}`,
        );
        insist(account[key] >= 0n, () => `${key} of ${account.address}: ${account[key]} >= 0`);
        sums[key] += account[key];
      }
    }
    for (const [currency, { postedDebits, postedCredits, pendingDebits, pendingCredits }] of byCurrency) {
      insist(postedDebits === postedCredits, () => `${currency} posted: ${postedDebits} = ${postedCredits}`);
      insist(
        pendingDebits === pendingCredits,
        () => `${currency} pending: ${pendingDebits} = ${pendingCredits}`,
      );
    }
  }

  /** No bound is crossed, neither now nor when all holds were released, which is never refused. */
  private checkBounds(account: AccountRecord): void {
    const { address, type, minBalance, maxBalance } = account;
    if (minBalance === null && maxBalance === null) return;
    const available = availableBalance(type, account);
    const released =
      available + (normalDirection(type) === 'debit' ? account.pendingCredits : account.pendingDebits);
    insist(released === postedBalance(type, account), () => `available + held = posted on ${address}`);
    const isWithin =
      (minBalance === null || available >= minBalance) && (maxBalance === null || released <= maxBalance);
    if (isWithin) this.excused.delete(address);
    insist(
      isWithin || this.excused.has(address),
      () => `${address}: ${minBalance} <= ${available} and ${released} <= ${maxBalance}`,
    );
  }
}
