import type { Database, Sql, SqlSession } from '@fintech-ledger/postgres';
import { randomBytes } from 'node:crypto';

/**
 * Says whose claims are whose. A process holds a lock under its number as long as its session with Postgres lasts, so
 * that what it claimed is free as soon as it is killed.
 */
export class Claimant {
  /** A bigint, as text. */
  readonly number = String(randomBytes(8).readBigInt64BE());
  private session: Promise<SqlSession> | undefined;
  private isClosed = false;

  constructor(private readonly db: Pick<Database, 'session'>) {}

  /** Waits until the lock is held. @throws DatabaseUnavailable */
  async held(): Promise<void> {
    this.session ??= this.open();
    await this.session.catch((error: unknown) => {
      this.session = undefined;
      throw error;
    });
  }

  private async open(): Promise<SqlSession> {
    const session = await this.db.session();
    await session.query('select pg_advisory_lock($1)', [this.number]);
    session.onLost(() => (this.session = undefined));
    if (this.isClosed) await session.release();
    return session;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const session = await this.session?.catch(() => undefined);
    await session?.release();
  }
}

/** Frees what was claimed by processes that are there no more. @returns whether there was any */
export async function freeClaims(sql: Sql, { number }: Claimant): Promise<boolean> {
  const { rowCount } = await sql.query(
    `with ended as materialized (
       select claimed_by from (select distinct claimed_by from hooks.claims where claimed_by <> $1) c
        where pg_try_advisory_xact_lock(c.claimed_by))
     delete from hooks.claims c using ended e where c.claimed_by = e.claimed_by`,
    [number],
    'free-webhook-claims',
  );
  return rowCount > 0;
}
