import { isoTime, messageOf } from '@fintech-ledger/contract';
import type { KeyUses } from '@fintech-ledger/http';
import type { Logger } from '@fintech-ledger/logging';
import type { Sql } from '@fintech-ledger/postgres';
import { column } from '@fintech-ledger/projection-runtime';
import { setTimeout as delay } from 'node:timers/promises';
import { useCloseMsMax, usesWrittenAtOnce, useWriteMs } from './limits';

/** When API keys were used last. */
export interface LastUses {
  /** By key, RFC 3339; of a key that was never used nothing. @throws DatabaseUnavailable */
  of(keyIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Where nobody is told. */
export const neverUsed: LastUses = { of: () => Promise.resolve(new Map()) };

interface ApiKeyUsesOptions {
  readonly sql: Pick<Sql, 'query'>;
  readonly log: Pick<Logger, 'warn'>;
  readonly nowMs?: () => number;
}

type Used = ReadonlyMap<string, number>;

const selectUses = `
select api_key_id as id, (extract(epoch from used_at) * 1000)::bigint as ms from meta.api_key_uses
 where api_key_id = any (string_to_array($1, E'\\n'))`;
/** Processes write the same keys: each in the same order, so that none waits for another one that waits for it. */
const writeUses = `
insert into meta.api_key_uses as kept (api_key_id, used_at)
select r.id, to_timestamp(r.ms / 1000.0)
  from unnest(string_to_array($1, E'\\n'), string_to_array($2, E'\\n')::bigint[]) as r (id, ms)
on conflict (api_key_id) do update set used_at = excluded.used_at where kept.used_at < excluded.used_at`;

/**
 * Notes in memory when keys are used, and writes it into a table once a minute, each key once: no request waits for
 * it, or pays for more than an entry in a map. What a killed process had not written is not known.
 */
export class ApiKeyUses implements KeyUses, LastUses {
  private used = new Map<string, number>();
  /** What is being written. */
  private writing: Used = new Map();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly nowMs: () => number;

  constructor(private readonly options: ApiKeyUsesOptions) {
    this.nowMs = options.nowMs ?? Date.now;
  }

  note(keyId: string): void {
    this.used.set(keyId, this.nowMs());
  }

  async of(keyIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.options.sql.query<{ id: string; ms: string }>(
      selectUses,
      [keyIds.join('\n')],
      'select-api-key-uses',
    );
    const kept = new Map(rows.map(({ id, ms }) => [id, Number(ms)]));
    const lastOf = (id: string): number =>
      Math.max(...[kept, this.writing, this.used].map((uses: Used) => uses.get(id) ?? -Infinity));
    return new Map(keyIds.flatMap((id) => (lastOf(id) === -Infinity ? [] : [[id, isoTime(lastOf(id))]])));
  }

  start(): void {
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.write());
    }, useWriteMs);
    this.timer.unref();
  }

  /** Writes what is left, if it can be written now. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    const last = this.running.then(() => this.write());
    await Promise.race([last, delay(useCloseMsMax, undefined, { ref: false })]);
  }

  /** Writes what was noted since; what can't be written is noted still. */
  async write(): Promise<void> {
    this.writing = this.used;
    this.used = new Map();
    const uses = [...this.writing].sort(([a], [b]) => (a < b ? -1 : 1));
    let done = 0;
    try {
      for (; done < uses.length; done += usesWrittenAtOnce) {
        const some = uses.slice(done, done + usesWrittenAtOnce);
        const values = [column(some, ([id]) => id), column(some, ([, ms]) => ms)];
        await this.options.sql.query(writeUses, values, 'write-api-key-uses');
      }
    } catch (error) {
      for (const [id, ms] of uses.slice(done)) if (!this.used.has(id)) this.used.set(id, ms);
      this.options.log.warn({ problem: messageOf(error) }, 'last uses of API keys could not be kept yet');
    }
    this.writing = new Map();
  }
}
