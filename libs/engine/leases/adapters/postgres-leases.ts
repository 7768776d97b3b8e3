import { BrokenInvariant } from '@fintech-ledger/contract';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import { DatabaseUnavailable } from '@fintech-ledger/postgres';
import type { Database, Sql } from '@fintech-ledger/postgres';
import type { LeaseAnswer, LeaseOwner, LeaseStore } from '../lease-store';
import { elapsedMs, instant } from '../elapsed';
import type { Instant } from '../elapsed';
import { knownMsOf, leaseTtlMs } from '../limits';
import * as statements from './lease-statements';
import { OwnerSession } from './owner-session';

export interface PostgresLeasesOptions extends LeaseOwner {
  /** Migrated (schema `writer`). Not closed by us. */
  readonly database: Database;
  /** How long leases outlive the last heartbeat. */
  readonly ttlMs?: number;
}

interface OwnerRow {
  readonly epoch: string;
  readonly owner_id: string;
  readonly address: string;
}

/**
 * Leases in tables (schemas/sql/0005-leases.sql). They end with the session of their owner, which the server
 * notices at once when the process is killed, or when nothing renews them, by the database's clock: a machine
 * that is gone, a process that hangs.
 */
export class PostgresLeases implements LeaseStore {
  /** Each stream with the epoch in which it was taken. */
  private readonly held = new Map<string, number>();
  private readonly ttlMs: number;
  private readonly session: OwnerSession;
  private beginning: Promise<void> | undefined;
  private renewing: Promise<unknown> = Promise.resolve();
  private isClosed = false;
  /** How often it was gone to others for a while, and of how many of these times it is known what was lost. */
  private absences = 0;
  private absencesSeen = 0;
  /** When the last renewal began that nothing has put in doubt since. */
  private confirmedAt: Instant | undefined;

  constructor(private readonly options: PostgresLeasesOptions) {
    this.ttlMs = options.ttlMs ?? leaseTtlMs;
    this.session = new OwnerSession(options.database, () => this.lost());
  }

  async acquire(stream: string): Promise<LeaseAnswer> {
    if (this.isClosed) throw new StoreUnavailable('the leases were given up');
    try {
      await this.begin();
      if (!this.session.isOpen) await this.renew();
      const known = await this.livingOwner(this.options.database, stream);
      const answer = known ?? (await this.options.database.transaction((sql) => this.take(sql, stream)));
      if (this.isClosed) {
        // Asking has made this owner known again: its streams would be kept from the others until that expires.
        await this.leave();
        throw new StoreUnavailable('the leases were given up');
      }
      if (answer.kind === 'held') this.held.set(stream, answer.epoch);
      return answer;
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  async release(stream: string): Promise<void> {
    if (!this.held.delete(stream)) return;
    const values = [stream, this.options.ownerId];
    // Still ours if it fails: commands are handed to us then, and we take it up again.
    await this.options.database.query(statements.releaseLease, values).catch(() => undefined);
  }

  async heartbeat(): Promise<readonly string[]> {
    if (this.isClosed) return [];
    try {
      await this.begin();
      const renewing = this.renew();
      this.renewing = renewing.catch(() => undefined);
      await renewing;
      const { absences } = this;
      if (absences === this.absencesSeen) return [];
      const lost = await this.forgetLost();
      this.absencesSeen = Math.max(this.absencesSeen, absences);
      return lost;
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  holds(stream: string, withinMs = Infinity): boolean {
    if (this.confirmedAt === undefined || this.absences !== this.absencesSeen) return false;
    const isKnown = elapsedMs(this.confirmedAt) <= Math.min(withinMs, knownMsOf(this.ttlMs));
    return isKnown && !this.isClosed && this.held.has(stream);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.held.clear();
    await this.beginning?.catch(() => undefined);
    await this.renewing;
    await this.leave();
  }

  private async leave(): Promise<void> {
    const { database, ownerId } = this.options;
    await database.query(statements.removeOwner, [ownerId]).catch(() => undefined);
    await this.session.close();
  }

  /** Once: makes room for this owner. */
  private begin(): Promise<void> {
    const { database, ownerId, instanceId = null } = this.options;
    this.beginning ??= database
      .query(statements.removeGoneOwners, [ownerId, instanceId])
      .then(() => this.renew())
      .then(
        () => undefined,
        (error: unknown) => {
          this.beginning = undefined;
          throw error;
        },
      );
    return this.beginning;
  }

  private async renew(): Promise<void> {
    const { ownerId, instanceId = null, address } = this.options;
    const values = [ownerId, instanceId, address, this.ttlMs];
    const begunAt = instant();
    const opening = this.session.get();
    const session = await opening;
    try {
      const { rowCount } = await session.query(statements.renewOwner, values, 'renew-owner');
      if (rowCount === 0) this.absences += 1;
      this.confirmedAt = begunAt;
    } catch (error) {
      this.confirmedAt = undefined;
      await this.session.drop(opening);
      throw error;
    }
  }

  /**
   * To others this owner is gone: it comes back at once, unless the database is gone itself; then with the next
   * heartbeat.
   */
  private lost(): void {
    this.confirmedAt = undefined;
    if (!this.isClosed) void this.renew().catch(() => undefined);
  }

  private async livingOwner(sql: Sql, stream: string): Promise<LeaseAnswer | undefined> {
    const { rows } = await sql.query<OwnerRow>(statements.livingOwner, [stream], 'living-owner');
    const row = rows[0];
    if (row === undefined) return undefined;
    if (row.owner_id === this.options.ownerId) return { kind: 'held', epoch: Number(row.epoch) };
    return { kind: 'owned_by', ownerId: row.owner_id, address: row.address };
  }

  private async take(sql: Sql, stream: string): Promise<LeaseAnswer> {
    const { rowCount } = await sql.query(statements.extendOwner, [this.options.ownerId, this.ttlMs]);
    if (rowCount === 0) this.absences += 1;
    await sql.query(statements.createLease, [stream]);
    await sql.query(statements.lockLease, [stream]);
    const living = await this.livingOwner(sql, stream);
    if (living !== undefined) return living;
    const { rows } = await sql.query<{ epoch: string }>(statements.takeLease, [stream, this.options.ownerId]);
    const [row] = rows;
    if (row === undefined) throw new BrokenInvariant(`the lease of ${stream} was locked, and is gone`);
    return { kind: 'held', epoch: Number(row.epoch) };
  }

  /** Of what was held when it was asked: what is taken meanwhile may not be in the answer. */
  private async forgetLost(): Promise<readonly string[]> {
    const before = [...this.held];
    const { rows } = await this.options.database.query<{ stream: string }>(statements.heldLeases, [
      this.options.ownerId,
    ]);
    const ours = new Set(rows.map(({ stream }) => stream));
    const lost = before.filter(([stream, epoch]) => !ours.has(stream) && this.held.get(stream) === epoch);
    for (const [stream] of lost) this.held.delete(stream);
    return lost.map(([stream]) => stream);
  }
}

function asUnavailable(error: unknown): unknown {
  if (!(error instanceof DatabaseUnavailable)) return error;
  return new StoreUnavailable(error.message, { cause: error });
}
