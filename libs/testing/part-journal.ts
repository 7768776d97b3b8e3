import type { AnyEventType, EventList } from '@fintech-ledger/contract';
import type { Decision, DomainEvent, DomainPart, DomainRecord } from '@fintech-ledger/journal';
import { deepFreeze } from './deep-freeze';
import { LoadedView } from './loaded-view';

type PartOf<T> = T extends object ? { readonly [K in keyof T]?: PartOf<T[K]> } : T;
type ExpectedEvent<E extends DomainEvent> = {
  [One in E as One['type']]: { readonly type: One['type']; readonly data?: PartOf<One['data']> };
}[E['type']];

/**
 * What the journal of a payments ledger says of one of its parts, in memory:
 * `given(commands).when(command).then(events)` or `.thenRefused(code)`. Only what was announced
 * may be read, as in the writer; ids are `<prefix>_<revision>`.
 */
export class PartJournal<C extends { readonly type: string }, E extends DomainEvent> {
  readonly events: E[] = [];
  private readonly records = new Map<string, DomainRecord>();
  /** For the last command. */
  private read = new LoadedView(this.records);

  constructor(
    private readonly part: DomainPart<C, E, never>,
    private readonly list: EventList<AnyEventType>,
    history: readonly C[],
  ) {
    for (const command of history) {
      const decision = this.decide(command);
      if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
      for (const event of decision.events) this.apply(event as E);
    }
  }

  when(command: C): {
    then(...events: ExpectedEvent<E>[]): void;
    thenRefused(code: string, param?: string): void;
  } {
    const decision = this.decide(command);
    return {
      then(...events) {
        expect(decision).toMatchObject({ kind: 'decided', events });
      },
      thenRefused(code, param) {
        const refusal = { code, ...(param !== undefined && { param }) };
        expect(decision).toMatchObject({ kind: 'refused', refusal });
      },
    };
  }

  decide(command: C): Decision<DomainEvent> {
    this.read = LoadedView.forCommand(this.records, command, this.part.reads as never);
    const context = {
      now: '2026-01-05T12:00:00.000Z',
      organizationId: 'org_1',
      newId: (prefix: string, index: number) => `${prefix}_${this.events.length + index}`,
    };
    return this.part.decide(this.read as never, deepFreeze(command), context);
  }

  /** @throws BrokenInvariant when the event contradicts the state */
  private apply(event: E): void {
    const view = this.read.folding(this.list.touches(event));
    const at = { stream: 'journal-led_1', revision: this.events.length, recordedAt: '' };
    for (const { key, record } of this.part.evolve(view as never, deepFreeze(event), at))
      this.records.set(key, deepFreeze(record));
    this.events.push(event);
  }
}
