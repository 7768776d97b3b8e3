import { organizationStream } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import type { DataSubjectFacts } from '@fintech-ledger/privacy/domain';
import {
  decodeCursor,
  encodeCursor,
  followed,
  inTurnOf,
  pageOf,
  readAt,
  reachedRevision,
  StatementParameters,
} from '@fintech-ledger/projection-runtime';
import type {
  At,
  FairTurns,
  Followed,
  PageRequest,
  PositionWaiter,
} from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import { dataSubjectsName } from './data-subjects-projection';

/** The name under which the queries of data subjects are provided. */
export const dataSubjectQueriesPort = Symbol('DataSubjectQueries');

export interface DataSubjectFilter {
  /** What the reference is looked up by. */
  readonly referenceTag?: string;
  readonly isErased?: boolean;
}
/** References are sealed in what is read. All throw DatabaseUnavailable when Postgres is unavailable. */
export interface DataSubjectQueries extends Followed {
  subject(organizationId: string, id: string): Promise<At<DataSubjectFacts | null>>;
  /** Newest first. @throws InvalidCursor */
  subjects(
    organizationId: string,
    filter: DataSubjectFilter,
    page: PageRequest,
  ): Promise<At<PageOf<DataSubjectFacts>>>;
}

interface Row {
  readonly created_revision: string;
  readonly facts: DataSubjectFacts;
}
const factsOf = ({ facts }: Row): DataSubjectFacts => facts;
const cursorOf = (row: Row): string => encodeCursor(dataSubjectsName, [Number(row.created_revision)]);

export function postgresDataSubjectQueries(
  db: Sql,
  waiter: Pick<PositionWaiter, 'waitFor'>,
  turns?: FairTurns,
): DataSubjectQueries {
  return {
    ...followed(db, waiter, organizationStream),
    async subject(organizationId, id) {
      const p = new StatementParameters();
      const sql = inTurnOf(turns, organizationId, db);
      const { revision, rows } = await read(sql, organizationId, p, [`x.id = ${p.$(id)}`], 1);
      return { revision, result: rows[0]?.facts ?? null };
    },
    async subjects(organizationId, filter, { limit, cursor }) {
      const p = new StatementParameters();
      const where = [...conditions(organizationId, filter, p)];
      if (cursor !== undefined) {
        const [before = 0] = decodeCursor(dataSubjectsName, ['number'], cursor);
        where.push(`x.created_revision < ${p.$(before)}`);
      }
      const sql = inTurnOf(turns, organizationId, db);
      const { revision, rows } = await read(sql, organizationId, p, where, limit + 1);
      return { revision, result: pageOf(rows, limit, factsOf, cursorOf) };
    },
  };
}

function conditions(
  organizationId: string,
  { referenceTag, isErased }: DataSubjectFilter,
  p: StatementParameters,
): readonly string[] {
  return [
    ...(referenceTag === undefined
      ? []
      : [
          `x.reference in (select l.sealed from privacy.lookups l
                            where l.organization_id = ${p.$(organizationId)} and l.tag = ${p.$(referenceTag)})`,
        ]),
    ...(isErased === undefined ? [] : [isErased ? 'x.is_erased' : 'not x.is_erased']),
  ];
}

function read(
  db: Sql,
  organizationId: string,
  p: StatementParameters,
  where: readonly string[],
  count: number,
): Promise<{ readonly revision: number; readonly rows: readonly Row[] }> {
  const reached = reachedRevision(p.$(organizationStream(organizationId)), dataSubjectsName);
  const all = [`x.organization_id = ${p.$(organizationId)}`, ...where].join(' and ');
  const text = `select true as row_exists, x.created_revision, x.facts from read.data_subjects x where ${all}
                 order by x.created_revision desc limit ${p.$(count)}`;
  return readAt<Row>(db, reached, text, 'r.created_revision desc', p);
}
