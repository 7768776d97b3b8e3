import { bankEvents } from '@fintech-ledger/bank/domain';
import type { BankEvent, BankLineFacts, StatementFacts } from '@fintech-ledger/bank/domain';
import type { DecodedEvent, ObjectState } from '@fintech-ledger/projection-runtime';
import { bankAccountsId } from './queries';

export interface CurrentRow<F> {
  readonly ledgerId: string;
  readonly id: string;
  /** Of the first event of it in the batch, and of the last one. */
  readonly firstRevision: number;
  readonly revision: number;
  readonly createdMs: number;
  readonly facts: F;
}

/** What a batch says of bank accounts. */
export interface BankRows {
  readonly states: readonly ObjectState[];
  /** Each once, as its last event left it. */
  readonly lines: readonly CurrentRow<BankLineFacts>[];
  readonly statements: readonly CurrentRow<StatementFacts>[];
}

const names = new Set<string>(bankEvents.names);

/** Pure. */
export function projectBank(events: readonly DecodedEvent[]): BankRows {
  const states: ObjectState[] = [];
  const lines = new Map<string, CurrentRow<BankLineFacts>>();
  const statements = new Map<string, CurrentRow<StatementFacts>>();
  for (const { owner: ledgerId, revision, effectiveMs, event: any } of events) {
    if (!names.has(any.type)) continue;
    const { type, data } = any as BankEvent;
    const at = { ledgerId, revision, effectiveMs, type };
    if ('bankAccounts' in data) {
      states.push({ ...at, id: bankAccountsId, facts: { bankAccounts: data.bankAccounts } });
    } else if ('bankStatement' in data) {
      const { bankStatement: facts } = data;
      states.push({ ...at, id: facts.id, facts });
      keep(statements, ledgerId, revision, facts, facts.importedAt);
    } else {
      const { bankLine: facts } = data;
      states.push({ ...at, id: facts.id, facts });
      keep(lines, ledgerId, revision, facts, facts.createdAt);
    }
  }
  return { states, lines: [...lines.values()], statements: [...statements.values()] };
}

function keep<F extends { readonly id: string }>(
  rows: Map<string, CurrentRow<F>>,
  ledgerId: string,
  revision: number,
  facts: F,
  createdAt: string,
): void {
  const { id } = facts;
  const key = `${ledgerId} ${id}`;
  const firstRevision = rows.get(key)?.firstRevision ?? revision;
  rows.set(key, { ledgerId, id, firstRevision, revision, createdMs: Date.parse(createdAt), facts });
}
