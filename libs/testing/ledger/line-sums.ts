import type {
  AccountRecord,
  BookedFact,
  TransactionLine,
  TransactionSnapshot,
} from '@fintech-ledger/ledger/domain';
import { insist } from '../insist';

/** Per transaction, account and direction, what its events have held, captured, released, posted and reversed. */
export class LineSums {
  private readonly taken = new Map<string, bigint>();

  add(event: BookedFact): void {
    const { id, reverses } = event.data.transaction;
    for (const { account, amount, direction, effect } of event.data.entries) {
      add(this.taken, `${id} ${effect} ${account} ${direction}`, BigInt(amount));
      if (reverses === null) continue;
      const opposite = direction === 'debit' ? 'credit' : 'debit';
      add(this.taken, `${reverses} reverse ${account} ${opposite}`, BigInt(amount));
    }
  }

  /** Holds account exactly: each line's amount is held + captured + released, and what all hold is what is pending. */
  check(accounts: readonly AccountRecord[], transactions: readonly TransactionSnapshot[]): void {
    const held = new Map<string, bigint>();
    for (const transaction of transactions) {
      this.checkTransaction(transaction);
      for (const { account, direction, held: amount } of transaction.lines) {
        add(held, `${account} ${direction}`, BigInt(amount));
      }
    }
    for (const { address, pendingDebits, pendingCredits } of accounts) {
      insist(
        pendingDebits === (held.get(`${address} debit`) ?? 0n) &&
          pendingCredits === (held.get(`${address} credit`) ?? 0n),
        () => `what holds hold on ${address} is ${pendingDebits} and ${pendingCredits}`,
      );
    }
  }

  private checkTransaction({ id, isHold, lines, reversedBy, status }: TransactionSnapshot): void {
    const alike = new Map<string, Parts>();
    for (const line of lines) {
      const parts = partsOf(line);
      const { amount, captured, held, reversed } = parts;
      insist(held >= 0n && reversed >= 0n && captured >= 0n, () => `no part of ${id} is below zero`);
      insist(
        held + captured <= amount && reversed <= captured,
        () => `parts of ${id}: ${JSON.stringify(line)}`,
      );
      // Lines that are alike count as one, because entries don't say which of them they mean.
      const key = `${line.account} ${line.direction}`;
      const sum = alike.get(key);
      alike.set(key, sum ? plus(sum, parts) : parts);
    }
    for (const [key, { amount, captured, held, reversed }] of alike) {
      const of = (effect: string) => this.taken.get(`${id} ${effect} ${key}`) ?? 0n;
      insist(amount === of(isHold ? 'hold' : 'post'), () => `amount of ${id} on ${key}`);
      insist(captured === (isHold ? of('capture') : amount), () => `captured of ${id} on ${key}`);
      insist(
        amount === held + captured + of('release'),
        () => `held + captured + released of ${id} on ${key}`,
      );
      insist(reversed === of('reverse'), () => `reversed of ${id} on ${key}`);
    }
    insist(lines.some(({ held }) => held !== '0') === (status === 'pending'), () => `${id} is ${status}`);
    insist(
      lines.some(({ reversed }) => reversed !== '0') === reversedBy.length > 0,
      () => `${id} names its reversals`,
    );
  }
}

interface Parts {
  readonly amount: bigint;
  readonly captured: bigint;
  readonly held: bigint;
  readonly reversed: bigint;
}
function partsOf({ amount, captured, held, reversed }: TransactionLine): Parts {
  return {
    amount: BigInt(amount),
    captured: BigInt(captured),
    held: BigInt(held),
    reversed: BigInt(reversed),
  };
}
function plus(a: Parts, b: Parts): Parts {
  return {
    amount: a.amount + b.amount,
    captured: a.captured + b.captured,
    held: a.held + b.held,
    reversed: a.reversed + b.reversed,
  };
}

function add(sums: Map<string, bigint>, key: string, amount: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + amount);
}
