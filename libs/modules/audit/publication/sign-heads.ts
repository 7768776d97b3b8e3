import type { Database, Sql } from '@fintech-ledger/postgres';
import { journalPrefix } from '@fintech-ledger/envelope';
import type { AuditKeys } from '../keys/audit-keys';
import { signHead } from '../heads/sign-head';
import { treeOf } from '../log/queries';
import { TreeIncomplete } from '../merkle/merkle-tree';
import { publishedDays, signedAtOnce } from './limits';
import type { PublishedHeadLine } from './published-head-line';

/** A ledger whose Merkle log does not begin with what was published of it. */
export interface Contradiction {
  readonly ledgerId: string;
  readonly reason: string;
}

interface Changed {
  readonly ledger_id: string;
  readonly size: string;
  readonly last_size: string | null;
  readonly last_root: string | null;
  /** Of the last head, also of one that was taken back; milliseconds. */
  readonly last_ms: string | null;
}

/**
 * Signs the heads of all ledgers that changed since theirs was published, when it is time to. A process that is killed
 * in the middle leaves the rest to the next one that looks.
 * @returns undefined: it is not time yet, or another process does it
 */
export async function signHeads(
  db: Database,
  keys: Pick<AuditKeys, 'signing'>,
  everySeconds: number,
): Promise<readonly Contradiction[] | undefined> {
  const contradictions: Contradiction[] = [];
  for (let after = ''; ;) {
    const key = await keys.signing();
    const page = await db.transaction(async (sql) => {
      if (!(await beginsRound(sql, everySeconds))) return undefined;
      const ledgers = await selectChanged(sql, after);
      for (const changed of ledgers) {
        const head = await nextHead(sql, changed);
        if (head === undefined) continue;
        if ('reason' in head) contradictions.push(head);
        else
          await insertHead(sql, {
            ...signHead(key, head.facts),
            object: 'published_head',
            consistency: head.consistency,
          });
      }
      if (ledgers.length < signedAtOnce) await finishRound(sql, contradictions);
      return ledgers;
    });
    if (page === undefined) return undefined;
    after = page.at(-1)?.ledger_id ?? '';
    if (page.length < signedAtOnce) return contradictions;
  }
}

/** One process at a time, so that the order of heads is that in which they can be read. */
async function beginsRound(sql: Sql, everySeconds: number): Promise<boolean> {
  const { rows } = await sql.query<{ is_time: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('audit.published_heads'))
            and not exists (select from audit.head_rounds
                             where finished_at > clock_timestamp() - make_interval(secs => $1)) as is_time`,
    [everySeconds],
  );
  return rows[0]?.is_time === true;
}

async function selectChanged(sql: Sql, after: string): Promise<readonly Changed[]> {
  const { rows } = await sql.query<Changed>(
    `select substr(c.stream, length($1) + 1) as ledger_id, c.revision + 1 as size,
            h.size as last_size, h.root as last_root,
            (select floor(extract(epoch from p.signed_at) * 1000)::bigint::text from audit.published_heads p
              where p.ledger_id = substr(c.stream, length($1) + 1)
              order by p.sequence desc limit 1) as last_ms
       from read.checkpoints c
       left join lateral (select size, root from audit.published_heads p
                           where p.ledger_id = substr(c.stream, length($1) + 1) and not p.is_taken_back
                           order by p.sequence desc limit 1) h on true
      where c.projection = 'merkle_log' and c.stream > $1 || $2 and c.stream < $3 and c.revision >= 0
        and h.size is distinct from c.revision + 1
      order by c.stream limit $4`,
    [journalPrefix, after, `${journalPrefix}~`, signedAtOnce],
  );
  return rows;
}

type Next = Pick<PublishedHeadLine, 'consistency'> & {
  readonly facts: Pick<PublishedHeadLine, 'ledger' | 'root' | 'size' | 'time'>;
};

/** @returns undefined: its Merkle log is being made again */
async function nextHead(sql: Sql, changed: Changed): Promise<Next | Contradiction | undefined> {
  const { ledger_id: ledgerId, last_root: lastRoot } = changed;
  const [size, from] = [Number(changed.size), Number(changed.last_size ?? 0)];
  if (from > size) return { ledgerId, reason: `it has ${size} events, and a head of ${from} was published` };
  const tree = treeOf(sql, ledgerId);
  const hex = (hash: Buffer): string => hash.toString('hex');
  try {
    if (lastRoot !== null && hex(await tree.root(from)) !== lastRoot)
      return { ledgerId, reason: `its first ${from} events are not those of the head that was published` };
    const facts = {
      ledger: ledgerId,
      root: hex(await tree.root(size)),
      size,
      time: headTime(changed.last_ms, Date.now()),
    };
    const path = lastRoot === null ? [] : (await tree.consistency(from, size)).map(hex);
    return { facts, consistency: lastRoot === null ? null : { from, path } };
  } catch (error) {
    if (error instanceof TreeIncomplete) return undefined;
    throw error;
  }
}

/** Readers put the heads of a ledger in the order of their times, whatever was done to the clock in between. */
export function headTime(lastMs: string | null, nowMs: number): string {
  return new Date(lastMs === null ? nowMs : Math.max(nowMs, Number(lastMs) + 1)).toISOString();
}

async function insertHead(sql: Sql, head: PublishedHeadLine): Promise<void> {
  await sql.query(
    'insert into audit.published_heads (ledger_id, size, root, line, signed_at) values ($1, $2, $3, $4, $5)',
    [head.ledger, head.size, head.root, JSON.stringify(head), head.time],
  );
}

async function finishRound(sql: Sql, contradictions: readonly Contradiction[]): Promise<void> {
  await sql.query(
    `insert into audit.head_rounds (finished_at, contradictions) values (clock_timestamp(), $1)
     on conflict (is_only) do update set finished_at = excluded.finished_at, contradictions = excluded.contradictions`,
    [JSON.stringify(contradictions)],
  );
}

/** What the last round found, whichever process made it. */
export async function selectContradictions(sql: Sql): Promise<readonly Contradiction[]> {
  const { rows } = await sql.query<{ contradictions: string }>(
    'select contradictions from audit.head_rounds',
    [],
  );
  return JSON.parse(rows[0]?.contradictions ?? '[]') as readonly Contradiction[];
}

/** Forgets heads that are older and that all of these targets have. */
export async function cleanHeads(sql: Sql, targets: readonly string[]): Promise<void> {
  await sql.query(
    `delete from audit.published_heads p
      where signed_at < clock_timestamp() - make_interval(days => $1)
        and sequence <= (select min(sequence) from audit.head_targets where target = any (string_to_array($2, E'\\n')))
        and exists (select from audit.published_heads n
                     where n.ledger_id = p.ledger_id and n.sequence > p.sequence and not n.is_taken_back)`,
    [publishedDays, targets.join('\n')],
  );
}

/**
 * An older event store was accepted: the ledger begins with less than was published, and goes on from there. Who has
 * the heads sees that; the publisher does not take it for a contradiction.
 * @param last the last revision that the store has; -1: none
 */
export async function takeHeadsBack(sql: Sql, stream: string, last: number): Promise<void> {
  if (!stream.startsWith(journalPrefix)) return;
  await sql.query(
    'update audit.published_heads set is_taken_back = true where ledger_id = $1 and size > $2 + 1',
    [stream.slice(journalPrefix.length), last],
  );
}
