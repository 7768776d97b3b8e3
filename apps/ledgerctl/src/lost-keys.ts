import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { Sql } from '@fintech-ledger/postgres';
import { KeyWrapping, subjectsInPlace } from '@fintech-ledger/privacy';

/** Subjects that a fault names; of more it says how many. */
const namedMax = 20;
/** Keys that are opened at once. */
const pageKeys = 1_000;

const mend =
  'Their personal values can not be read; restore the schema privacy from a backup that has them ' +
  '(docs/how-to/back-up-and-restore.md)';

interface KeyRow {
  readonly id: string;
  readonly organization: string;
  readonly wrapped: Buffer;
}

/**
 * Finds data subjects whose personal values events have, whom no event erases, and whose key is not there: a backup
 * lacked it, or somebody gave its row to another organization. And keys that are there and do not open.
 */
export class LostKeys {
  /** With the stream that names each. */
  private readonly missing = new Map<string, string>();
  private readonly erased = new Set<string>();

  /** @param sql the snapshot that is verified @param now sees what was committed since */
  constructor(
    private readonly sql: Sql,
    private readonly now: Sql,
  ) {}

  async take(stream: string, events: readonly RecordedEvent[]): Promise<void> {
    const named = new Map<string, string>();
    for (const { data } of events) {
      for (const id of subjectsInPlace(data)) if (!this.missing.has(id)) named.set(id, stream);
      if (!data.includes('"erasedSubject"')) continue;
      const { erasedSubject } = JSON.parse(data) as { readonly erasedSubject?: unknown };
      if (typeof erasedSubject === 'string') this.erased.add(erasedSubject);
    }
    for (const id of await withoutKey(this.sql, named)) this.missing.set(id, stream);
  }

  /** A sentence where some are lost; once all events are read, as an erasure may be in another stream. */
  async faults(): Promise<readonly string[]> {
    const named = new Map([...this.missing].filter(([id]) => !this.erased.has(id)));
    // Of events that are later than the snapshot, keys and erasures are.
    const lost = await withoutKey(this.now, named);
    if (lost.length === 0) return [];
    return [
      `the keys of ${lost.length} data subjects are lost, who are not erased: ${listed(lost)}. ${mend}`,
    ];
  }

  /**
   * A sentence where keys do not open, each with its organization. Who was erased has none to open.
   * @returns with how many were opened
   */
  async damaged(pepper: string): Promise<{ readonly opened: number; readonly faults: readonly string[] }> {
    const wrapping = new KeyWrapping(pepper);
    const damaged: string[] = [];
    let opened = 0;
    for (let after = ''; ;) {
      const { rows } = await this.sql.query<KeyRow>(
        `select k.id, k.organization_id as organization, k.wrapped from privacy.subject_keys k
          where k.id > $1 and k.wrapped is not null
            and not exists (select from read.erasures e where e.subject_id = k.id)
          order by k.id limit ${pageKeys}`,
        [after],
      );
      for (const { id, organization, wrapped } of rows) {
        if (wrapping.open(id, wrapped).key === undefined) damaged.push(`${id} of ${organization}`);
        else opened += 1;
      }
      if (rows.length < pageKeys) break;
      after = rows.at(-1)?.id ?? '';
    }
    if (damaged.length === 0) return { opened, faults: [] };
    const fault = `the keys of ${damaged.length} data subjects are damaged, they do not open: `;
    return { opened, faults: [`${fault}${listed(damaged)}. ${mend}`] };
  }
}

function listed(all: readonly string[]): string {
  const more = all.length > namedMax ? ` and ${all.length - namedMax} more` : '';
  return `${all.slice(0, namedMax).join(', ')}${more}`;
}

/** @param named subjects, each with a stream that names it */
async function withoutKey(sql: Sql, named: ReadonlyMap<string, string>): Promise<readonly string[]> {
  if (named.size === 0) return [];
  const { rows } = await sql.query<{ id: string }>(
    `select named.id
       from unnest(string_to_array($1, ','), string_to_array($2, ',')) as named (id, stream)
       left join read.ledgers l on 'journal-' || l.id = named.stream
      where not exists (
              select from privacy.subject_keys k
               where k.id = named.id and k.wrapped is not null
                 and k.organization_id =
                     coalesce(l.organization_id, substring(named.stream from '^org-(.*)'), k.organization_id))
        and not exists (select from read.erasures e where e.subject_id = named.id)
      order by named.id`,
    [[...named.keys()].join(','), [...named.values()].join(',')],
  );
  return rows.map(({ id }) => id);
}
