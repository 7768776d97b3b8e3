import type { Sql } from '@fintech-ledger/postgres';
import type { PageOf } from '@fintech-ledger/shapes';
import { withinInOrder } from './by-time';
import { by } from './conditions';
import type { CreatedWithin } from './conditions';
import { decodeCursor, encodeCursor } from './cursor';
import { pageOf } from './page';
import type { AsOf, At, PageRequest } from './queries';
import { readAt, StatementParameters } from './read-at';

/** An object as an event left it. */
export interface Stored<F> {
  readonly facts: F;
  /** Of that event. */
  readonly revision: number;
}
/** An event of an object, with the object after it. */
export interface StoredState<F> extends Stored<F> {
  readonly type: string;
}
export interface HistoryPage<F> {
  /** One more than asked for, where there are so many: what was before the last one shown. */
  readonly states: readonly StoredState<F>[];
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
}

interface Row<F> {
  readonly revision: string;
  readonly created_revision: string;
  readonly type: string;
  readonly facts: F;
}
const stored = <F>({ facts, revision }: Row<F>): Stored<F> => ({ facts, revision: Number(revision) });

interface ListOptions {
  readonly listed?: string;
  readonly either?: (p: StatementParameters) => readonly string[];
}

/**
 * Reads objects that the events of ledgers have whole. One table has what each event left of them (`ledger_id, id,
 * revision, effective_ms, type, facts`), others have them as they are (`ledger_id, created_revision, revision, facts`).
 */
export class ObjectStates<F> {
  constructor(
    private readonly sql: Sql,
    private readonly tables: {
      /** Of the schema `read`. */
      readonly states: string;
      /** The kind of a cursor in a history. */
      readonly history: string;
      /** SQL: the revision that the read model has reached in a ledger. */
      readonly reached: (ledgerId: string, p: StatementParameters) => string;
    },
  ) {}

  /** An object as it is or was; null: there is none, or was none yet. */
  async object(ledgerId: string, id: string, asOf?: AsOf): Promise<At<Stored<F> | null>> {
    const p = new StatementParameters();
    const reached = this.tables.reached(ledgerId, p);
    const until = asOf === undefined ? [] : [by(asOf, 'x.revision', 'x.effective_ms', p)];
    const where = [`x.ledger_id = ${p.$(ledgerId)}`, `x.id = ${p.$(id)}`, ...until].join(' and ');
    const text = `select true as row_exists, x.revision, x.facts from read.${this.tables.states} x
                   where ${where} order by x.revision desc limit 1`;
    const { revision, rows } = await readAt<Row<F>>(this.sql, reached, text, undefined, p);
    return { revision, result: rows[0] === undefined ? null : stored(rows[0]) };
  }

  /** What happened to an object, newest first. @throws InvalidCursor */
  async history(ledgerId: string, id: string, { limit, cursor }: PageRequest): Promise<At<HistoryPage<F>>> {
    const { states: table, history: kind } = this.tables;
    const p = new StatementParameters();
    const reached = this.tables.reached(ledgerId, p);
    const where = [`x.ledger_id = ${p.$(ledgerId)}`, `x.id = ${p.$(id)}`];
    if (cursor !== undefined) {
      const [before = 0] = decodeCursor(kind, ['number'], cursor);
      where.push(`x.revision < ${p.$(before)}`);
    }
    const text = `select true as row_exists, x.revision, x.type, x.facts from read.${table} x
                   where ${where.join(' and ')} order by x.revision desc limit ${p.$(limit + 1)}`;
    const { revision, rows } = await readAt<Row<F>>(this.sql, reached, text, 'r.revision desc', p);
    const states = rows.map((row) => ({ ...stored(row), type: row.type }));
    const last = states[limit - 1];
    const hasMore = states.length > limit;
    const nextCursor = hasMore && last !== undefined ? encodeCursor(kind, [last.revision]) : null;
    return { revision, result: { states, hasMore, nextCursor } };
  }

  /**
   * Objects of one kind as they are, newest first by creation.
   * @param table of the schema `read`; also the kind of the cursor
   * @param window when they were created
   * @param conditions SQL on `x`
   * @param more `listed`, SQL on `y`: the rows that its index of creations has, where it has not all of them;
   *   `either`, SQL on `x`: conditions of which no two hold, each of which has an index of its own
   * @throws InvalidCursor
   */
  async list<G extends F>(
    ledgerId: string,
    table: string,
    { limit, cursor }: PageRequest,
    window: CreatedWithin,
    conditions: (p: StatementParameters) => readonly string[],
    { listed = 'true', either = () => ['true'] }: ListOptions = {},
  ): Promise<At<PageOf<Stored<G>>>> {
    const p = new StatementParameters();
    const reached = this.tables.reached(ledgerId, p);
    const ledger = p.$(ledgerId);
    const all = `y.ledger_id = ${ledger} and ${listed}`;
    const created = { table, rows: all, revision: 'created_revision', ms: 'created_ms' };
    const where = [`x.ledger_id = ${ledger}`, ...withinInOrder(created, window, p), ...conditions(p)];
    if (cursor !== undefined) {
      const [before = 0] = decodeCursor(table, ['number'], cursor);
      where.push(`x.created_revision < ${p.$(before)}`);
    }
    const newest = `order by x.created_revision desc limit ${p.$(limit + 1)}`;
    const found = either(p).map(
      (one) => `(select true as row_exists, x.revision, x.created_revision, x.facts from read.${table} x
                  where ${[...where, one].join(' and ')} ${newest})`,
    );
    const text = `select * from (${found.join(' union all ')}) x ${newest}`;
    const { revision, rows } = await readAt<Row<G>>(this.sql, reached, text, 'r.created_revision desc', p);
    const cursorOf = (row: Row<G>): string => encodeCursor(table, [Number(row.created_revision)]);
    return { revision, result: pageOf(rows, limit, stored, cursorOf) };
  }
}
