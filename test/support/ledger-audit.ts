import type { TransactionView, TrialBalanceView } from '@fintech-ledger/ledger';
import { availableBalance } from '@fintech-ledger/ledger/domain';
import { setTimeout as delay } from 'node:timers/promises';
import { JournalAudit } from '../../libs/testing/simulation';
import type { ParsedEvent } from '../../libs/testing/simulation';
import type { SentCommand } from './crash-load';
import type { LedgerClient } from './ledger-client';

/** A ledger's journal as the API gives it, held against what its clients were told and against its read models. */
export class LedgerAudit {
  readonly journal = new JournalAudit();

  constructor(private readonly ledger: string) {}

  /** Where the journal stood when it was last read. */
  get position(): string {
    return `${this.ledger}@${this.journal.nextRevision - 1}`;
  }

  /** Reads what the journal has beyond what was read before. @throws Error saying what is wrong with it */
  async readOn(client: LedgerClient): Promise<void> {
    const from = `/v1/ledgers/${this.ledger}/events?from_revision=${this.journal.nextRevision}`;
    for await (const event of client.list<ParsedEvent>(from)) this.journal.add(event);
    this.journal.check();
  }

  /** Waits until every hold that has a time to expire has done so on its own: then nothing changes any more. */
  async untilHoldsExpired(client: LedgerClient): Promise<void> {
    for (const deadline = Date.now() + 30_000; ; await delay(200)) {
      await this.readOn(client);
      const expiring = [...this.journal.ledger.records.values()].filter(
        (record) =>
          record.kind === 'transaction' &&
          record.snapshot.status === 'pending' &&
          record.snapshot.expiresAt !== null,
      );
      if (expiring.length === 0) return;
      if (Date.now() > deadline) throw new Error(`${expiring.length} holds do not expire`);
    }
  }

  /** The journal has every acknowledged command once (a key that is used twice is noticed as it is read), and nothing else. */
  expectCommands(sent: readonly SentCommand[]): void {
    const acknowledged = sent.filter(({ answer }) => answer !== undefined);
    for (const { key } of acknowledged)
      if (!this.journal.byKey.has(key)) throw new Error(`${key} was acknowledged and is gone`);
    expect(this.journal.byKey.size).toBe(acknowledged.length);
  }

  /** What queries answer is what folding the journal gives, account by account and transaction by transaction. */
  async expectReadModels(client: LedgerClient): Promise<void> {
    const { ledger, position } = this;
    const trial = await client.get<TrialBalanceView>(
      `/v1/ledgers/${ledger}/trial-balance?limit=100`,
      position,
    );
    expect(trial.balanced).toBe(true);
    for (const { debits, credits } of trial.totals) expect(debits).toBe(credits);

    const transactions = new Map<string, TransactionView>();
    for await (const view of client.list<TransactionView>(`/v1/ledgers/${ledger}/transactions`, position))
      transactions.set(view.id, view);
    let folded = 0;
    for (const record of this.journal.ledger.records.values()) {
      if (record.kind === 'account') {
        const path = `/v1/ledgers/${ledger}/accounts/${record.address}/balance`;
        expect(await client.get(path, position)).toMatchObject({
          posted: { debits: String(record.postedDebits), credits: String(record.postedCredits) },
          pending: { debits: String(record.pendingDebits), credits: String(record.pendingCredits) },
          available: String(availableBalance(record.type, record)),
        });
      } else if (record.kind === 'transaction') {
        folded += 1;
        const { id, status, lines } = record.snapshot;
        const view = transactions.get(id);
        expect([id, view?.status]).toEqual([id, status]);
        expect(view?.entries.map(({ held, captured, reversed }) => [held, captured, reversed])).toEqual(
          lines.map(({ held, captured, reversed }) => [held, captured, reversed]),
        );
      }
    }
    expect(transactions.size).toBe(folded);
  }
}
