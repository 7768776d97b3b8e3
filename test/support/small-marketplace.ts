import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerClient, Reply } from './ledger-client';

/** How long a busy machine may keep a store from answering. */
const unavailableMsMax = 15_000;

interface Transaction {
  readonly id: string;
  readonly position: string;
  readonly status: string;
}

/** A ledger with a few accounts, and everything that a transaction can go through, by HTTP. */
export class SmallMarketplace {
  private constructor(
    readonly client: LedgerClient,
    readonly ledger: string,
  ) {}

  static async open(client: LedgerClient): Promise<SmallMarketplace> {
    const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'marketplace' });
    const marketplace = new SmallMarketplace(client, id);
    await marketplace.account('bank', { type: 'asset' });
    await marketplace.account('fees', { type: 'revenue' });
    for (let n = 1; n <= 5; n += 1) await marketplace.account(`buyer:${n}`, { min_balance: '0' });
    await marketplace.account('seller');
    return marketplace;
  }

  in(path: string): string {
    return `/v1/ledgers/${this.ledger}${path}`;
  }

  account(address: string, terms: object = {}): Promise<object> {
    return this.client.accepted(this.in('/accounts'), {
      address,
      type: 'liability',
      currency: 'EUR',
      ...terms,
    });
  }

  transfer(from: string, to: string, amount: number, more: object = {}, key?: string): Promise<Reply> {
    const body = {
      debit_account: from,
      credit_account: to,
      amount: String(amount),
      currency: 'EUR',
      ...more,
    };
    return this.client.post(this.in('/transfers'), body, key);
  }

  async accepted(reply: Promise<Reply>): Promise<Transaction> {
    const { status, text } = await reply;
    if (status >= 300) throw new Error(`${status} ${text}`);
    return JSON.parse(text) as Transaction;
  }

  /** What is unavailable for a moment is asked for again, with the same key, as any client would. */
  private async acceptedInTime(ask: () => Promise<Reply>): Promise<Transaction> {
    for (const deadline = Date.now() + unavailableMsMax; ; await delay(100)) {
      const reply = ask();
      if ((await reply).status !== 503 || Date.now() > deadline) return this.accepted(reply);
    }
  }

  /** What follows from a seed is the same in every ledger. @returns the last position */
  async trade(transfers: number): Promise<string> {
    let position = '';
    for (let n = 1; n <= 5; n += 1)
      ({ position } = await this.accepted(this.transfer('bank', `buyer:${n}`, 100_000)));
    const replies = await Promise.all(
      Array.from({ length: transfers }, (_, i) =>
        this.acceptedInTime(() =>
          this.transfer(
            `buyer:${1 + (i % 5)}`,
            i % 7 === 0 ? 'fees' : 'seller',
            1 + ((i * 37) % 97),
            {},
            `t-${i}`,
          ),
        ),
      ),
    );
    for (const reply of replies) position = later(position, reply.position);
    return position;
  }

  /** Per account, in the order of the trial balance. */
  async trialBalance(minPosition: string): Promise<readonly (readonly [string, string, string])[]> {
    const lines: [string, string, string][] = [];
    const path = this.in('/trial-balance');
    for await (const line of this.client.list<TrialLine>(path, minPosition))
      lines.push([line.account, line.debits, line.credits]);
    return lines;
  }
}

interface TrialLine {
  readonly account: string;
  readonly debits: string;
  readonly credits: string;
}

const later = (a: string, b: string): string => (revisionOf(a) > revisionOf(b) ? a : b);
const revisionOf = (position: string): number => Number(position.split('@')[1]);
