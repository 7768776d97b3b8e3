import { setTimeout as delay } from 'node:timers/promises';
import { CrashLoad } from './crash-load';
import type { LoadOptions } from './crash-load';
import { LedgerAudit } from './ledger-audit';
import type { LedgerClient } from './ledger-client';

interface Projection {
  readonly name: string;
  readonly state: string;
  readonly lag: { readonly events: number | null; readonly seconds: number };
  readonly last_error: string | null;
}

const catchUpMsMax = 60_000;
const replayedMax = 3_000;

/** A ledger under random load, and what must be true of its books when the load has ended, whatever happened meanwhile. */
export class BooksUnderLoad {
  readonly audit: LedgerAudit;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  private constructor(
    private readonly client: LedgerClient,
    readonly ledger: string,
    readonly load: CrashLoad,
  ) {
    this.audit = new LedgerAudit(ledger);
  }

  static async open(
    client: LedgerClient,
    random: () => number,
    options: LoadOptions = {},
  ): Promise<BooksUnderLoad> {
    const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'under load' });
    const load = new CrashLoad(id, random, options);
    await load.openAccounts(client);
    return new BooksUnderLoad(client, id, load);
  }

  start(): void {
    this.running = this.load.run(this.client, 1, this.stopping.signal);
  }

  /** Ends the load, and sends again whatever nobody knows the end of. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    const open = this.load.sent.filter(
      ({ answer, refused }) => answer === undefined && refused === undefined,
    );
    await Promise.all(open.map((command) => this.load.settle(this.client, command)));
  }

  /**
   * Every acknowledged command is in the journal once and nothing else is, a retry gets the first answer, and the read models are what folding the
   * journal gives. @returns how long the read models took to have everything, milliseconds
   */
  async compare(): Promise<number> {
    const startedAt = performance.now();
    await this.untilCaughtUp();
    const tookMs = performance.now() - startedAt;
    await this.audit.untilHoldsExpired(this.client);
    this.audit.expectCommands(this.load.sent);
    await this.load.replay(this.client, this.load.sent.slice(-replayedMax));
    await this.audit.expectReadModels(this.client);
    return tookMs;
  }

  projections(): Promise<readonly Projection[]> {
    return this.client.get<{ data: readonly Projection[] }>('/v1/projections').then(({ data }) => data);
  }

  /** By themselves, and without anybody's help. */
  private async untilCaughtUp(): Promise<void> {
    await this.audit.readOn(this.client);
    const { position } = this.audit;
    for (const deadline = Date.now() + catchUpMsMax; ; await delay(100)) {
      const data = await this.projections();
      const { status } = await this.client.ask(`/v1/ledgers/${this.ledger}/trial-balance`, position);
      if (status === 200 && data.every(({ state, lag }) => state === 'running' && lag.events === 0)) return;
      if (Date.now() > deadline) throw new Error(`they do not reach ${position}: ${JSON.stringify(data)}`);
    }
  }
}
