import { journalStream } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import {
  journalObjects,
  reachedRevision,
  readAt,
  StatementParameters,
} from '@fintech-ledger/projection-runtime';
import type { PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { SplitRuleFacts } from '@fintech-ledger/splits/domain';
import type { SplitQueries } from './queries';
import { splitRulesProjectionName } from './split-rules-projection';

/** Reads what the projection wrote. */
export function postgresSplitQueries(sql: Sql, waiter: Pick<PositionWaiter, 'waitFor'>): SplitQueries {
  const { states, reads } = journalObjects<SplitRuleFacts>(sql, waiter, {
    projection: splitRulesProjectionName,
    states: 'split_rule_states',
    history: 'split_rule_history',
  });
  return {
    ...reads,
    rules: (ledgerId, filter, page) =>
      states.list<SplitRuleFacts>(ledgerId, 'split_rules', page, filter, () => []),
    async version(ledgerId, id, version) {
      const p = new StatementParameters();
      const reached = reachedRevision(p.$(journalStream(ledgerId)), splitRulesProjectionName);
      const text = `select true as row_exists, x.revision, x.facts from read.split_rule_states x
                     where x.ledger_id = ${p.$(ledgerId)} and x.id = ${p.$(id)} and x.version = ${p.$(version)}`;
      const { revision, rows } = await readAt<VersionRow>(sql, reached, text, undefined, p);
      const [row] = rows;
      const result = row === undefined ? null : { facts: row.facts, revision: Number(row.revision) };
      return { revision, result };
    },
  };
}

interface VersionRow {
  readonly revision: string;
  readonly facts: SplitRuleFacts;
}
