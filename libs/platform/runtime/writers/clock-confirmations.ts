import type { ClockTestimony, ClockWitness } from '@fintech-ledger/journal';
import type { Database } from '@fintech-ledger/postgres';
import os from 'node:os';

const ask = `
select extract(epoch from clock_timestamp()) * 1000 as time_ms, host(inet_server_addr()) as address,
  coalesce(max(id), 0) as confirmations, coalesce(extract(epoch from max(recorded_until)) * 1000, 0) as confirmed_until_ms
from writer.clock_confirmations`;

const keep = `
update writer.clock_confirmations set recorded_until = greatest(recorded_until, to_timestamp($1::double precision / 1000))
where id = (select max(id) from writer.clock_confirmations)`;

const confirm = `
insert into writer.clock_confirmations (actor) values ($1)
returning id, to_char(confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as confirmed_at`;

interface AskRow {
  readonly time_ms: string;
  readonly address: string | null;
  readonly confirmations: string;
  readonly confirmed_until_ms: string;
}

/** The database's clock, and what operators have confirmed. */
export class PostgresClockWitness implements ClockWitness {
  /** @param isIndependent the operator says that the database's clock is another machine's */
  constructor(
    private readonly database: Database,
    private readonly isIndependent: boolean,
  ) {}

  async ask(): Promise<ClockTestimony> {
    const { rows } = await this.database.query<AskRow>(ask, [], 'ask-clock');
    const [row] = rows;
    if (row === undefined) throw new Error('the database did not say the time');
    return {
      timeMs: Number(row.time_ms),
      isSameClock: !this.isIndependent || isThisMachine(row.address),
      confirmations: Number(row.confirmations),
      confirmedUntilMs: Number(row.confirmed_until_ms),
    };
  }

  async keep(confirmedUntilMs: number): Promise<void> {
    await this.database.query(keep, [confirmedUntilMs]);
  }
}

/** An operator says that the clock is right. Writers take note within seconds. @throws DatabaseUnavailable */
export async function confirmClock(
  database: Database,
  actor: string,
): Promise<{ readonly id: string; readonly confirmedAt: string }> {
  const { rows } = await database.query<{ id: string; confirmed_at: string }>(confirm, [actor]);
  const [row] = rows;
  if (row === undefined) throw new Error('the confirmation was not kept');
  return { id: row.id, confirmedAt: row.confirmed_at };
}

/**
 * Addresses can only show that the machine is the same: containers on one host have different addresses and one clock.
 * @param address of the database's end of the connection; null: a socket of this machine
 */
function isThisMachine(address: string | null): boolean {
  if (address === null || address.startsWith('127.') || address === '::1') return true;
  return Object.values(os.networkInterfaces()).some((list) => list?.some((own) => own.address === address));
}
