import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerClient, Reply } from './ledger-client';

/** A ledger with two accounts, between which anything may be moved. */
export class SmallLedger {
  private constructor(
    private readonly client: LedgerClient,
    readonly id: string,
  ) {}

  static async open(client: LedgerClient, name: string): Promise<SmallLedger> {
    const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name });
    for (const address of ['a', 'b']) {
      const account = { address, type: 'asset', currency: 'USD', min_balance: null };
      await client.accepted(`/v1/ledgers/${id}/accounts`, account);
    }
    return new SmallLedger(client, id);
  }

  /** The same one, after its server was restarted. */
  by(client: LedgerClient): SmallLedger {
    return new SmallLedger(client, this.id);
  }

  get stream(): string {
    return `journal-${this.id}`;
  }

  path(rest: string): string {
    return `/v1/ledgers/${this.id}/${rest}`;
  }

  /** Moves 7.00 from `b` to `a`. */
  transfer(key?: string): Promise<Reply> {
    const body = { debit_account: 'a', credit_account: 'b', amount: '7', currency: 'USD' };
    return this.client.post(this.path('transfers'), body, key);
  }

  /** The same, sent again while the writer is unavailable, as clients do: leases are short in some specs. */
  async transferInTime(key: string): Promise<Reply> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.transfer(key);
      if (reply.status !== 503 || attempt === 40) return reply;
      await delay(250);
    }
  }

  /** What the trial balance says of each account, once it has what was acknowledged. @throws Error it is not balanced */
  async balances(position?: string): Promise<string> {
    const trial = await this.client.get<{ balanced: boolean }>(this.path('trial-balance'), position);
    if (!trial.balanced) throw new Error(`not balanced: ${JSON.stringify(trial)}`);
    return JSON.stringify({ ...trial, position: undefined });
  }
}

export const positionOf = ({ text }: Reply): string => (JSON.parse(text) as { position: string }).position;
