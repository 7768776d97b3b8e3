import type { Sql } from '@fintech-ledger/postgres';

/** What is in transit in a currency of an environment, and what is open. Minor units. */
export interface TransitDifference {
  readonly organizationId: string;
  readonly currency: string;
  readonly transit: string;
  readonly open: string;
  /** How long each look has found one there. */
  readonly lastsMs: number;
}
type Found = Omit<TransitDifference, 'lastsMs'>;

export interface TransitLook {
  /** Transfers that are neither settled nor given back. */
  readonly openCount: number;
  /** Of the oldest of them. */
  readonly oldestOpenMs: number;
  /** Where the sum of the transit accounts over all ledgers is not what is open. */
  readonly differences: readonly TransitDifference[];
}

/** This often at most, and never for more than a twentieth of the time. */
const lookMs = 30_000;
const restFactor = 20;
const listedMax = 100;

/**
 * Holds the transit accounts of all ledgers against the transfers that are open, again and again. Two streams are read
 * at two moments, so what differs may be on its way; what goes on differing is wrong.
 */
export class TransitWatch {
  private last: TransitLook = { openCount: 0, oldestOpenMs: 0, differences: [] };
  private nextAt = -Infinity;
  private looking: Promise<void> | undefined;
  /** When each difference was found first, by environment and currency. */
  private firstAt = new Map<string, number>();

  constructor(
    private readonly sql: Sql,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** What the last look found; looks when it is time to. @throws DatabaseUnavailable */
  async look(): Promise<TransitLook> {
    if (this.nowMs() >= this.nextAt) await (this.looking ??= this.lookNow());
    return this.last;
  }

  private async lookNow(): Promise<void> {
    const startedAt = this.nowMs();
    try {
      const [{ rows: open }, { rows: differences }] = await Promise.all([
        this.sql.query<{ count: string; oldest: string | null }>(
          `select count(*) as count, min(s.recorded_ms) as oldest
             from read.ledger_transfers t
             join lateral (select recorded_ms from read.ledger_transfer_states s
                            where s.ledger_id = t.ledger_id and s.id = t.id order by revision limit 1) s on true
            where t.status = 'pending'`,
          [],
        ),
        this.sql.query<Found>(differencesText, [listedMax]),
      ]);
      const { count = '0', oldest = null } = open[0] ?? {};
      const oldestOpenMs = oldest === null ? 0 : Math.max(0, Date.now() - Number(oldest));
      this.last = { openCount: Number(count), oldestOpenMs, differences: this.lasting(differences) };
      const endedAt = this.nowMs();
      this.nextAt = endedAt + Math.max(lookMs, restFactor * (endedAt - startedAt));
    } finally {
      this.looking = undefined;
    }
  }

  private lasting(found: readonly Found[]): readonly TransitDifference[] {
    const now = this.nowMs();
    const before = this.firstAt;
    this.firstAt = new Map(
      found.map(({ organizationId, currency }) => {
        const key = `${organizationId} ${currency}`;
        return [key, before.get(key) ?? now];
      }),
    );
    return found.map((each) => ({
      ...each,
      lastsMs: now - (this.firstAt.get(`${each.organizationId} ${each.currency}`) ?? now),
    }));
  }
}

/** A transfer is open until the other ledger has it, or its own has it back. */
const differencesText = `
  select organization_id as "organizationId", currency, sum(transit) as transit, sum(open) as open
    from (select organization_id, currency, booked as transit, 0 as open from read.ledger_transfer_transit
          union all
          select t.organization_id, t.currency, 0, t.amount from read.ledger_transfers t
           where t.status = 'pending'
             and not exists (select from read.ledger_transfer_arrivals a where a.id = t.id and a.is_received)) s
   group by organization_id, currency
  having sum(transit) <> sum(open)
   order by organization_id, currency limit $1`;
