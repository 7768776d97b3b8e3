import { connectEvents } from '@fintech-ledger/connect/domain';
import type { ConnectedAccountFacts, ConnectEvent } from '@fintech-ledger/connect/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

/** A connected account as an event left it. */
export interface StateRow {
  readonly ledgerId: string;
  readonly id: string;
  readonly revision: number;
  /** By the clock of the environment. */
  readonly effectiveMs: number;
  readonly type: string;
  readonly facts: ConnectedAccountFacts;
}
export interface AccountRow {
  readonly ledgerId: string;
  readonly id: string;
  /** Of the first event of it in the batch, and of the last one. */
  readonly firstRevision: number;
  readonly revision: number;
  readonly createdMs: number;
  readonly facts: ConnectedAccountFacts;
}

/** What a batch says of connected accounts. */
export interface ConnectRows {
  readonly states: readonly StateRow[];
  /** Each once, as its last event left it. */
  readonly accounts: readonly AccountRow[];
}

const names = new Set<string>(connectEvents.names);

/** Pure. */
export function projectConnect(events: readonly DecodedEvent[]): ConnectRows {
  const states: StateRow[] = [];
  const accounts = new Map<string, AccountRow>();
  for (const { owner: ledgerId, revision, effectiveMs, event: any } of events) {
    if (!names.has(any.type)) continue;
    const { type, data } = any as ConnectEvent;
    const { connectedAccount: facts } = data;
    const { createdAt, id } = facts;
    states.push({ ledgerId, id, revision, effectiveMs, type, facts });
    const key = `${ledgerId} ${id}`;
    const firstRevision = accounts.get(key)?.firstRevision ?? revision;
    accounts.set(key, { ledgerId, id, firstRevision, revision, createdMs: Date.parse(createdAt), facts });
  }
  return { states, accounts: [...accounts.values()] };
}
