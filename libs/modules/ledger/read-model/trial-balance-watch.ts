import type { Sql } from '@fintech-ledger/postgres';

export interface UnbalancedLedger {
  /** Null: its rows belong to no ledger that is known. */
  readonly ledgerId: string | null;
  readonly currency: string;
  /** Debits less credits, in minor units. */
  readonly posted: string;
  readonly pending: string;
}

/** A look reads every account's row: this often at most, and never for more than a twentieth of the time. */
const lookMs = 60_000;
const restFactor = 20;
const listedMax = 100;

/** Sums every ledger's accounts by currency, again and again: what does not come to zero was not made by events. */
export class TrialBalanceWatch {
  private found: readonly UnbalancedLedger[] = [];
  private nextAt = -Infinity;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly sql: Sql,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** What the last look found; looks when it is time to. @throws DatabaseUnavailable */
  async unbalanced(): Promise<readonly UnbalancedLedger[]> {
    if (this.nowMs() >= this.nextAt) await (this.looking ??= this.look());
    return this.found;
  }

  private async look(): Promise<void> {
    const startedAt = this.nowMs();
    try {
      const { rows } = await this.sql.query<UnbalancedLedger>(
        `select l.id as "ledgerId", s.currency, s.posted, s.pending
           from (select a.ledger_key, a.currency, sum(a.posted_debits) - sum(a.posted_credits) as posted,
                        sum(a.pending_debits) - sum(a.pending_credits) as pending
                   from read.accounts a group by a.ledger_key, a.currency) s
           left join read.ledgers l on read.ledger_key(l.id) = s.ledger_key
          where s.posted <> 0 or s.pending <> 0
          order by l.id, s.currency limit $1`,
        [listedMax],
      );
      this.found = rows;
      const endedAt = this.nowMs();
      this.nextAt = endedAt + Math.max(lookMs, restFactor * (endedAt - startedAt));
    } finally {
      this.looking = undefined;
    }
  }
}
