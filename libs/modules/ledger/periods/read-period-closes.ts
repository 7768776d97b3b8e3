import type { Sql } from '@fintech-ledger/postgres';
import {
  acknowledgedWaitMs,
  decodeCursor,
  encodeCursor,
  ReadModelBehind,
  readAt,
  reachedRevision,
  StatementParameters,
} from '@fintech-ledger/projection-runtime';
import type { PageRequest } from '@fintech-ledger/projection-runtime';
import type { LedgerScope } from '../read-model/keys';
import type { LedgerQueries } from '../read-model/queries';

const cursorKind = 'period-closes';

/** Where closes are in the journal, newest first. */
export interface FoundCloses {
  readonly revisions: readonly number[];
  /** Of the last one, where there are more. */
  readonly nextCursor: string | null;
  readonly revision: number;
}

/**
 * By the index of events, which says which revisions are of a type.
 * @throws InvalidCursor @throws ReadModelBehind the index has not come as far as the other read models
 */
export async function findPeriodCloses(
  ledger: Pick<LedgerQueries, 'read' | 'eventIndex'>,
  ledgerId: string,
  { limit, cursor }: PageRequest,
): Promise<FoundCloses> {
  const [before = Number.MAX_SAFE_INTEGER] =
    cursor === undefined ? [] : (decodeCursor(cursorKind, ['revision'], cursor) as number[]);
  const look = (): Promise<Look> => ledger.read(ledgerId, (sql, scope) => lookUp(sql, scope, before, limit));
  const { found, reached, indexed } = await look();
  if (indexed >= reached) return found;
  // Between two turns: others of the organization have theirs meanwhile.
  if (await ledger.eventIndex.waitFor(ledgerId, reached, acknowledgedWaitMs)) return (await look()).found;
  throw new ReadModelBehind(1, `The index of events of ${ledgerId} is behind the other read models.`);
}

interface Look {
  readonly found: FoundCloses;
  /** How far the read models that other queries read have come, and how far the index. */
  readonly reached: number;
  readonly indexed: number;
}

interface Row {
  readonly first: string;
  readonly last: string;
  readonly indexed: string;
}

async function lookUp(
  sql: Sql,
  { ledgerKey, stream }: LedgerScope,
  before: number,
  limit: number,
): Promise<Look> {
  const p = new StatementParameters();
  const reached = reachedRevision(p.$(stream), 'accounts', 'transactions', 'entries');
  const ofIndex = reachedRevision(p.$(stream), 'events');
  // One row more says how far the index has come, also where it has nothing of the type.
  const rows = `select true as row_exists, x.* from (
      (select r.first, r.last, ${ofIndex} as indexed from read.event_runs r
        where r.ledger_key = ${p.$(ledgerKey)}::uuid and r.kind = 'T' and r.subject = 'PeriodClosed'
          and r.first < ${p.$(before)}::bigint order by r.last desc limit ${p.$(limit + 1)}::bigint)
      union all select -1, -1, ${ofIndex}) x`;
  const read = await readAt<Row>(sql, reached, rows, 'r.last desc', p, 'period-closes');
  const indexed = Number(read.rows[0]?.indexed ?? -1);
  const revisions: number[] = [];
  for (const { first, last } of read.rows) {
    for (let at = Math.min(Number(last), before - 1); at >= Math.max(Number(first), 0); at -= 1) {
      if (revisions.length > limit) break;
      revisions.push(at);
    }
  }
  const shown = revisions.slice(0, limit);
  const nextCursor = revisions.length > limit ? encodeCursor(cursorKind, [shown.at(-1) ?? 0]) : null;
  const revision = Math.min(read.revision, indexed);
  return { found: { revisions: shown, nextCursor, revision }, reached: read.revision, indexed };
}
