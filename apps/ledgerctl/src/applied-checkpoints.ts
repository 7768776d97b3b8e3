import type { Sql } from '@fintech-ledger/postgres';

/** Rows that are named as contradicting the others of their stream. */
const namedMax = 5;

interface End {
  /** Who has come so far, and the table that says so. */
  readonly who: string;
  readonly table: string;
  readonly stream: string;
  readonly revision: string;
  readonly hash: string | null;
}

interface AppliedRow extends End {
  /** Of the side of a projection; null: it is not one that has come so far. */
  readonly name: string | null;
}

// What is compared with the event store before events are taken; live heads are compared elsewhere.
const knownEnds = `
select c.projection as name, c.projection || ' has applied' as who, 'read.checkpoints' as table,
       c.stream, c.revision, c.hash
  from read.checkpoints c where c.revision is not null
union all
select null, 'the topic ' || topic || ' has', 'relay.streams', stream, revision, hash from relay.streams
union all
select null, 'an earlier checkpoint was made of', 'writer.heads', stream, revision, nullif(chain_hash, '')
  from writer.heads where not is_live`;

// A row that follows says nothing but whom. `members` decides which checkpoints are moved with it.
const contradictions = `
select format('read.checkpoint_rows (projection %s, stream %s) does not hold: %s', projection, stream, fault) as fault
  from (select c.projection, c.stream,
               case when c.leader is not null and l.projection is null
                      then format('its leader %s has no row', c.leader)
                    when l.leader is not null then format('its leader %s follows %s', c.leader, l.leader)
                    when c.leader is not null then null
                    when c.previous not between -1 and c.revision
                      then format('it came to revision %s from %s', c.revision, c.previous)
                    when c.members is distinct from g.names and c.members is distinct from ''
                      then format('its members are %s, %s stand there',
                                  coalesce(c.members, 'itself alone'), coalesce(g.names, 'itself alone'))
               end as fault
          from read.checkpoint_rows c
          left join read.checkpoint_rows l on l.stream = c.stream and l.projection = c.leader
          -- Null where nobody follows.
          left join (select stream, leader,
                            string_agg(name, ',' order by name collate "C") as names
                       from (select stream, leader, projection as name from read.checkpoint_rows
                             union select stream, leader, leader from read.checkpoint_rows) f
                      where leader is not null group by stream, leader) g
            on g.stream = c.stream and g.leader = c.projection) judged
 where fault is not null order by stream, projection limit ${namedMax}`;

/**
 * How far the read models have applied each stream, and the hash of the last event that they did; of topics and of
 * earlier checkpoints that hash.
 */
export class AppliedCheckpoints {
  private readonly revisions = new Map<string, number>();
  private readonly ends = new Map<string, End[]>();

  private constructor(rows: readonly AppliedRow[]) {
    for (const row of rows) {
      if (row.name !== null) this.revisions.set(placeOf(row.name, row.stream), Number(row.revision));
      const end = placeOf(row.stream, row.revision);
      const known = this.ends.get(end);
      if (known === undefined) this.ends.set(end, [row]);
      else known.push(row);
    }
  }

  static async of(sql: Sql): Promise<AppliedCheckpoints> {
    const { rows } = await sql.query<AppliedRow>(knownEnds);
    return new AppliedCheckpoints(rows);
  }

  /** Rows of checkpoints that contradict one another, a sentence for each. */
  static async contradictions(sql: Sql): Promise<readonly string[]> {
    const { rows } = await sql.query<{ fault: string }>(contradictions);
    return rows.map(({ fault }) => fault);
  }

  /** -1: nothing of it. @param name of the side of a projection */
  revision(name: string, stream: string): number {
    return this.revisions.get(placeOf(name, stream)) ?? -1;
  }

  /** Undefined: nobody knows another event than this one at this revision, as the last. */
  fault(stream: string, revision: number, eventHash: string): string | undefined {
    const wrong = (this.ends.get(placeOf(stream, String(revision))) ?? []).find(
      ({ hash }) => hash !== null && hash !== eventHash,
    );
    if (wrong === undefined) return undefined;
    return (
      `what ${wrong.who} does not hold: ${wrong.table} has the hash ${wrong.hash} at revision ` +
      `${revision}, the event has ${eventHash}`
    );
  }
}

const placeOf = (one: string, other: string): string => `${one} ${other}`;
