import { accountKey, decide, readsOf, transactionKey } from '@fintech-ledger/ledger/domain';
import type {
  AccountRecord,
  LedgerCommand,
  LedgerDecision,
  LedgerEvent,
  RefusalCode,
  TransactionSnapshot,
} from '@fintech-ledger/ledger/domain';
import { deepFreeze } from './deep-freeze';
import { InMemoryLedger } from './ledger/in-memory-ledger';
import { LoadedView } from './loaded-view';
import { stateHash } from './ledger/state-hash';

/** When histories begin. */
export const startOfTime = '2026-01-01T00:00:00.000Z';

/** From here on it is `time`. */
export interface ClockStep {
  readonly clock: string;
}
export const at = (time: string): ClockStep => ({ clock: time });

/** What happened before: events as they are, commands that must be accepted, or the clock moving. */
export type Step = LedgerEvent | LedgerCommand | ClockStep;
type PartOf<T> = T extends object ? { readonly [K in keyof T]?: PartOf<T[K]> } : T;
export type ExpectedEvent = {
  [E in LedgerEvent as E['type']]: { type: E['type']; data?: PartOf<E['data']> };
}[LedgerEvent['type']];

/**
 * The one language of the ledger's tests: `given(history).when(command).then(events)` or `.thenRefused(code)`.
 * Ids are `txn_<revision>`: the event at index n of the history, from 0, makes `txn_n`.
 */
export function given(...history: readonly Step[]): Given {
  return new Given(history);
}

class Given {
  readonly ledger = new InMemoryLedger();
  private now = startOfTime;

  constructor(history: readonly Step[]) {
    for (const step of history) this.take(step);
  }

  when(command: LedgerCommand): Outcome {
    return new Outcome(this.ledger, this.decide(command), stateHash(this.ledger.records));
  }

  private take(step: Step): void {
    if ('clock' in step) this.now = step.clock;
    else if ('data' in step) this.ledger.apply(step);
    else {
      const decision = this.decide(step);
      if (decision.kind === 'refused') {
        throw new Error(`a ${step.type} of the history was refused: ${JSON.stringify(decision.refusal)}`);
      }
      for (const event of decision.events) this.ledger.apply(event);
    }
  }

  private decide(command: LedgerCommand): LedgerDecision {
    const { now, ledger } = this;
    const view = LoadedView.forCommand(ledger, deepFreeze(command), readsOf);
    return decide(view, command, {
      now,
      newId: (prefix, index) => `${prefix}_${ledger.revision + 1 + index}`,
    });
  }
}

class Outcome {
  constructor(
    private readonly ledger: InMemoryLedger,
    private readonly decision: LedgerDecision,
    private readonly hashBefore: string,
  ) {}

  /** Exactly these events, each at least with these parts; they are applied, so that `andAccount` sees what they did. */
  then(...expected: readonly ExpectedEvent[]): this {
    expect(this.decision).toMatchObject({ kind: 'decided', events: expected });
    for (const event of this.events) this.ledger.apply(event);
    return this;
  }

  /** What the answer shows, where nothing was recorded. */
  answeredAs(...expected: readonly ExpectedEvent[]): this {
    expect(this.decision).toMatchObject({ kind: 'decided', answeredAs: expected });
    return this;
  }

  /** Refused with this code, and nothing has changed. `param`: the JSON pointer to what is to blame; null: there is none. */
  thenRefused(code: RefusalCode, param?: string | null): this {
    expect(this.decision).toMatchObject({ kind: 'refused', refusal: { code } });
    if (param !== undefined && this.decision.kind === 'refused') {
      expect(this.decision.refusal.param ?? null).toBe(param);
    }
    expect(stateHash(this.ledger.records)).toBe(this.hashBefore);
    return this;
  }

  /** What its sentence has. */
  saying(text: string): this {
    expect(this.decision).toMatchObject({ refusal: { detail: expect.stringContaining(text) as string } });
    return this;
  }

  /** Machine-readable facts of the refusal. */
  withMeta(meta: Readonly<Record<string, string>>): this {
    expect(this.decision).toMatchObject({ refusal: { meta } });
    return this;
  }

  /** Which of a bulk, all or none, is to blame. */
  atItem(index: number): this {
    expect(this.decision).toMatchObject({ refusal: { index } });
    return this;
  }

  /** The items of a bulk command that were refused, as `[index, code, param]`. */
  andRefusedItems(...items: readonly (readonly [number, RefusalCode, string])[]): this {
    const refused = this.decision.kind === 'decided' ? (this.decision.refusedItems ?? []) : [];
    expect(refused.map(({ index, refusal }) => [index, refusal.code, refusal.param])).toEqual(items);
    return this;
  }

  /** The account after the events of `then`. */
  andAccount(address: string, parts: Partial<AccountRecord>): this {
    expect(this.ledger.get(accountKey(address))).toMatchObject(parts);
    return this;
  }

  /** The transaction after the events of `then`. */
  andTransaction(id: string, parts: PartOf<TransactionSnapshot>): this {
    expect(this.ledger.get(transactionKey(id))).toMatchObject({ snapshot: parts });
    return this;
  }

  get events(): readonly LedgerEvent[] {
    return this.decision.kind === 'decided' ? this.decision.events : [];
  }
}
