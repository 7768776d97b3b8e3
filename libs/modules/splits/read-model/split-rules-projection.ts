import { journalPrefix } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { defineProjection, deleteOfLedger } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { splitEvents } from '@fintech-ledger/splits/domain';
import type { SplitEvent, SplitRuleFacts } from '@fintech-ledger/splits/domain';

export const splitRulesProjectionName = 'split_rules';
const tables = ['split_rule_states', 'split_rules'] as const;

/** A version of a split rule. */
interface StateRow {
  readonly ledgerId: string;
  readonly id: string;
  readonly revision: number;
  /** By the clock of the environment. */
  readonly effectiveMs: number;
  readonly type: string;
  readonly version: number;
  readonly facts: SplitRuleFacts;
}
interface RuleRow {
  readonly ledgerId: string;
  readonly id: string;
  /** Of the first event of it in the batch, and of the last one. */
  readonly firstRevision: number;
  readonly revision: number;
  readonly createdMs: number;
  readonly facts: SplitRuleFacts;
}
/** What a batch says of split rules. */
interface SplitRows {
  readonly states: readonly StateRow[];
  /** Each once, as its last event left it. */
  readonly rules: readonly RuleRow[];
}

/** Split rules, each version of them. */
export const splitRulesProjection = defineProjection({
  name: splitRulesProjectionName,
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectSplits,
  async save(sql, { states, rules }: SplitRows) {
    if (states.length > 0) await saveStates(sql, states);
    if (rules.length > 0) await saveRules(sql, rules);
  },
  tables,
  resetStream: (sql, stream) => deleteOfLedger(sql, tables, stream),
});

const names = new Set<string>(splitEvents.names);

function projectSplits(events: readonly DecodedEvent[]): SplitRows {
  const states: StateRow[] = [];
  const rules = new Map<string, RuleRow>();
  for (const { owner: ledgerId, revision, effectiveMs, event: any } of events) {
    if (!names.has(any.type)) continue;
    const { type, data } = any as SplitEvent;
    const { splitRule: facts } = data;
    const { createdAt, id, version } = facts;
    states.push({ ledgerId, id, revision, effectiveMs, type, version, facts });
    const key = `${ledgerId} ${id}`;
    const firstRevision = rules.get(key)?.firstRevision ?? revision;
    rules.set(key, { ledgerId, id, firstRevision, revision, createdMs: Date.parse(createdAt), facts });
  }
  return { states, rules: [...rules.values()] };
}

async function saveStates(sql: Sql, rows: SplitRows['states']): Promise<void> {
  await sql.query(
    `insert into read.split_rule_states (ledger_id, id, revision, effective_ms, type, version, facts)
     select "ledgerId", id, revision, "effectiveMs", type, version, facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, revision bigint, "effectiveMs" bigint, type text, version integer,
               facts jsonb)`,
    [JSON.stringify(rows)],
  );
}

async function saveRules(sql: Sql, rows: SplitRows['rules']): Promise<void> {
  await sql.query(
    `insert into read.split_rules (ledger_id, id, created_revision, created_ms, revision, facts)
     select "ledgerId", id, "firstRevision", "createdMs", revision, facts
       from jsonb_to_recordset($1::jsonb)
         as r ("ledgerId" text, id text, "firstRevision" bigint, "createdMs" bigint, revision bigint, facts jsonb)
     on conflict (ledger_id, id) do update
       set revision = excluded.revision, facts = excluded.facts`,
    [JSON.stringify(rows)],
  );
}
