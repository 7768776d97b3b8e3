import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import { subjectsInPlace } from '@fintech-ledger/privacy';

/** Subjects that a fault names; of more it says how many. */
const namedMax = 20;

/**
 * Finds data subjects whose personal values events have, whom no event erases, and whose key is not there: a backup
 * lacked it. What is read of them is null, as if they were erased.
 */
export class LostKeys {
  private readonly missing = new Set<string>();
  private readonly erased = new Set<string>();

  /** @param sql the snapshot that is verified @param now sees what was committed since */
  constructor(
    private readonly sql: Sql,
    private readonly now: Sql,
  ) {}

  async take(events: readonly RecordedEvent[]): Promise<void> {
    const named = new Set<string>();
    for (const { data } of events) {
      for (const id of subjectsInPlace(data)) named.add(id);
      if (!data.includes('"erasedSubject"')) continue;
      const { erasedSubject } = JSON.parse(data) as { readonly erasedSubject?: unknown };
      if (typeof erasedSubject === 'string') this.erased.add(erasedSubject);
    }
    const asked = [...named].filter((id) => !this.missing.has(id));
    for (const id of await withoutKey(this.sql, asked)) this.missing.add(id);
  }

  /** A sentence where some are lost; once all events are read, as an erasure may be in another stream. */
  async faults(): Promise<readonly string[]> {
    // Of events that are later than the snapshot, keys and erasures are.
    const lost = await withoutKey(
      this.now,
      [...this.missing].filter((id) => !this.erased.has(id)),
    );
    if (lost.length === 0) return [];
    const more = lost.length > namedMax ? ` and ${lost.length - namedMax} more` : '';
    return [
      `the keys of ${lost.length} data subjects are lost, who are not erased: ` +
        `${lost.slice(0, namedMax).join(', ')}${more}. ` +
        'Their personal values read as null; restore the schema privacy from a backup that has them ' +
        '(docs/how-to/back-up-and-restore.md)',
    ];
  }
}

async function withoutKey(sql: Sql, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql.query<{ id: string }>(
    `select id from unnest(string_to_array($1, ',')) as named (id)
      where not exists (select from privacy.subject_keys k where k.id = named.id and k.wrapped is not null)
        and not exists (select from read.erasures e where e.subject_id = named.id)
      order by id`,
    [ids.join(',')],
  );
  return rows.map(({ id }) => id);
}
