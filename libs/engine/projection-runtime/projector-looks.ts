import type { Sql } from '@fintech-ledger/postgres';
import { Pause } from './pause';

/** How often a projector says how far it is; what it said counts for ten times as long. */
const lookMs = 1_000;
export const lookFreshSeconds = 10;
/** What a process that has ended said is kept as long, for the lag since then. */
const keptDays = 7;

interface Look {
  readonly projection: string;
  /** When the oldest event was recorded that was read and is not applied (milliseconds since 1970); null: there is none. */
  readonly waitingMs: number | null;
}

/** Says what this projector has read and not yet applied. */
async function saveLooks(sql: Sql, projector: string, looks: readonly Look[]): Promise<void> {
  if (looks.length === 0) return;
  await sql.query(
    `insert into read.projector_looks as l (projector, projection, looked_at, waiting_ms)
     select $1::uuid, x.projection, now(), x.waiting
       from unnest(string_to_array($2, E'\\n'), string_to_array($3, E'\\n', '')::bigint[]) as x (projection, waiting)
     on conflict (projection, projector) do update set looked_at = excluded.looked_at, waiting_ms = excluded.waiting_ms`,
    [
      projector,
      looks.map(({ projection }) => projection).join('\n'),
      looks.map(({ waitingMs }) => waitingMs ?? '').join('\n'),
    ],
    'save-projector-looks',
  );
}

/** Forgets what processes said that have long ended; the last word about each projection is kept. */
async function pruneLooks(sql: Sql): Promise<void> {
  await sql.query(
    `delete from read.projector_looks l
      where l.looked_at < now() - interval '1 minute'
        and (l.looked_at < now() - $1 * interval '1 day'
             or exists (select from read.projector_looks n
                         where n.projection = l.projection and n.looked_at > l.looked_at))`,
    [keptDays],
  );
}

/** How far a lane is. */
interface LaneLook {
  readonly projections: readonly string[];
  /** The sides that it keeps up to date. */
  readonly sides: readonly string[];
  readonly waitingMs: number | null;
}

/**
 * Says again and again how far the lanes are, so that who asks can tell being idle from being behind.
 * @returns ends it, after a look that is on its way
 */
export function keepLooks(
  sql: Sql,
  projector: string,
  lanes: () => readonly LaneLook[],
): () => Promise<void> {
  const pause = new Pause();
  const run = async (): Promise<void> => {
    await pruneLooks(sql).catch(() => undefined);
    while (!pause.isEnded) {
      const looks = lanes().flatMap(({ projections, sides, waitingMs }) =>
        [...new Set([...projections, ...sides])].map((projection) => ({ projection, waitingMs })),
      );
      // When Postgres is unavailable, silence says so.
      await saveLooks(sql, projector, looks).catch(() => undefined);
      await pause.forMs(lookMs);
    }
  };
  const done = run();
  return async () => {
    pause.end();
    await done;
  };
}
