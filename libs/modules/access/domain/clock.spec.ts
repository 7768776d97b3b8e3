import { accessPart } from './access-part';
import { clockAfter, isClockEvent, timeOf, yearsAfter } from './clock';
import type { AccessCommand, ClockCommand } from './commands';
import type { AccessEvent } from './events';
import type { AccessRecord } from './records';

const real = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();
const at = (text: string): string => new Date(text).toISOString();
const facts = { createdAt: real(0), id: 'org_1', name: 'Staging' };
const opened: AccessEvent = {
  type: 'SandboxOpened',
  data: { organization: { ...facts, parentId: 'org_0', sandboxId: 'sbx_1' } },
};
const live: AccessEvent = { type: 'OrganizationCreated', data: { organization: facts } };

/** An organization's stream, decided and folded as the writer does. */
class Stream {
  readonly records = new Map<string, AccessRecord>();
  readonly events: AccessEvent[] = [];

  constructor(first: AccessEvent = opened) {
    this.fold(first);
  }

  /** @returns the code of a refusal, the answer of a question, or the names of the events */
  decide(command: AccessCommand, recordedAt: string): unknown {
    const newId = (prefix: string): string => `${prefix}_${this.events.length}`;
    const context = { now: recordedAt, recordedAt, organizationId: 'org_1', newId };
    const decision = accessPart.decide(this.records, command, context);
    if (decision.kind === 'refused') return decision.refusal.code;
    for (const event of decision.events) this.fold(event);
    if (decision.answer !== undefined) return JSON.parse(decision.answer) as unknown;
    return decision.events.map(({ type }) => type);
  }

  time(recordedAt: string): unknown {
    return this.decide({ type: 'ReadClock' }, recordedAt);
  }

  private fold(event: AccessEvent): void {
    for (const { key, record } of accessPart.evolve(this.records, event)) this.records.set(key, record);
    this.events.push(event);
  }
}

const freeze = (time: string): ClockCommand => ({ type: 'FreezeClock', time: at(time) });
const advance = (to: string): ClockCommand => ({ type: 'AdvanceClock', to: at(to) });
const release: ClockCommand = { type: 'ReleaseClock' };
const told = (attempt: number, state: 'done' | 'too_far' | 'under_way', to: string): ClockCommand => {
  return { type: 'RecordClockAdvance', advanceId: 'cad_2', attempt, at: at(to), ran: attempt * 10, state };
};

describe('the clock of a sandbox', () => {
  it('is real time until it is set, and a live organization has none', () => {
    const stream = new Stream();
    expect(stream.time(real(7))).toEqual({ object: 'clock', time: real(7), frozen: false });
    for (const command of [
      freeze('2027-01-01'),
      advance('2027-01-01'),
      release,
      { type: 'ReadClock' },
    ] as const)
      expect(new Stream(live).decide(command, real(0))).toBe('sandbox_key_required');
  });

  it('stands, goes on from there, and never goes back', () => {
    const stream = new Stream();
    expect(stream.decide(freeze('2025-12-31'), real(1))).toBe('clock_moved_back');
    expect(stream.decide(freeze('2027-01-01'), real(1))).toEqual(['ClockFrozen']);
    expect(stream.time(real(500))).toMatchObject({ time: at('2027-01-01'), frozen: true });
    expect(stream.decide(freeze('2026-12-31'), real(501))).toBe('clock_moved_back');
    expect(stream.decide(advance('2026-12-31'), real(501))).toBe('clock_moved_back');
    expect(stream.decide(release, real(600))).toEqual(['ClockReleased']);
    expect(stream.decide(release, real(601))).toEqual(['ClockReleased']);
    expect(stream.time(real(660))).toMatchObject({ time: at('2027-01-01T00:01:00Z'), frozen: false });
    expect(stream.decide(freeze('2027-01-01'), real(660))).toBe('clock_moved_back');
    // Our clock goes back: that of the sandbox does not.
    expect(stream.time(real(10))).toMatchObject({ time: at('2027-01-01T00:00:01Z') });
  });

  it('is advanced by at most two calendar years at once', () => {
    const stream = new Stream();
    stream.decide(freeze('2028-02-29'), real(1));
    expect(stream.decide(advance('2030-02-28T00:00:00.001Z'), real(2))).toBe('clock_too_far');
    expect(stream.decide(advance('2030-02-28'), real(2))).toEqual(['ClockAdvanceBegun']);
    expect(new Stream().decide(freeze('9000-01-01T00:00:00.001Z'), real(2))).toBe('clock_too_far');
    expect([yearsAfter(at('2026-12-31'), 2), yearsAfter(at('2028-02-29'), 4)]).toEqual([
      at('2028-12-31'),
      at('2032-02-29'),
    ]);
  });

  it('is advanced in parts, each of which intends the next one, and is not set meanwhile', () => {
    const stream = new Stream();
    stream.decide(freeze('2027-01-01'), real(1));
    expect(stream.decide(advance('2027-02-01'), real(2))).toEqual(['ClockAdvanceBegun']);
    for (const command of [freeze('2028-01-01'), advance('2028-01-01'), release])
      expect(stream.decide(command, real(3))).toBe('clock_advancing');
    expect(stream.decide(told(1, 'under_way', '2027-01-10'), real(7))).toEqual(['ClockAdvanceContinued']);
    expect(stream.time(real(8))).toMatchObject({ time: at('2027-01-10'), frozen: true });
    // The first attempt is late.
    expect(stream.decide(told(1, 'done', '2027-02-01'), real(8))).toEqual([]);
    const intended = stream.events.map((event) => accessPart.effectsOf(event).map(({ attempt }) => attempt));
    expect(intended).toEqual([[], [], [1], [2]]);
    expect(stream.decide(told(2, 'done', '2027-01-20'), real(9))).toEqual(['ClockAdvanceEnded']);
    expect(stream.time(real(99))).toMatchObject({ time: at('2027-02-01'), frozen: true });
    expect(stream.decide({ type: 'ReadClockAdvance', advanceId: 'cad_2' }, real(99))).toMatchObject({
      hasEnded: true,
      advance: { at: at('2027-02-01'), ran: 20 },
    });
  });

  it('goes on from where it was advanced to, when it was not frozen', () => {
    const stream = new Stream();
    stream.decide(freeze('2027-01-01'), real(1));
    stream.decide(release, real(2));
    expect(stream.decide(advance('2027-02-01'), real(3))).toEqual(['ClockAdvanceBegun']);
    const { id: advanceId } = [...stream.records.values()].flatMap((record) =>
      record.kind === 'clock_advance' ? [record.advance] : [],
    )[0] ?? { id: '' };
    const done = { ...told(1, 'done', '2027-02-01'), advanceId } as ClockCommand;
    stream.decide(done, real(10));
    expect(stream.time(real(70))).toMatchObject({ time: at('2027-02-01T00:01:00Z'), frozen: false });
  });

  it('is looked after when an attempt tells nothing, by real time, until it has ended', () => {
    const stream = new Stream();
    stream.decide(freeze('2027-01-01'), real(1));
    stream.decide(advance('2027-02-01'), real(2));
    const due = () => [...stream.records].map(([key, record]) => [key, accessPart.dueAt(record)] as const);
    const [[key, dueAt] = ['', '']] = due().filter(([, time]) => time !== undefined);
    expect([key, dueAt, accessPart.isDueInRealTime]).toEqual(['clock_advance:cad_2', real(17), true]);
    expect(stream.decide(accessPart.dueCommand([key]), real(16))).toEqual([]);
    expect(stream.decide(accessPart.dueCommand([key]), real(17))).toEqual(['ClockAdvanceContinued']);
    expect(stream.decide(told(2, 'too_far', '2027-01-05'), real(18))).toEqual(['ClockAdvanceEnded']);
    expect(stream.time(real(18))).toMatchObject({ time: at('2027-01-05'), frozen: true });
    expect(due().filter(([, time]) => time !== undefined)).toEqual([]);
  });

  it('is the same to whoever follows its events, after random sequences, and never goes back', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      let state = seed;
      const draw = (below: number): number => {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        return Math.floor((state / 2 ** 31) * below);
      };
      const stream = new Stream();
      let [second, last] = [0, ''];
      for (let n = 0; n < 40; n += 1) {
        second += draw(5_000);
        const now = real(second);
        const target = new Date(
          Date.parse((stream.time(now) as { time: string }).time) + draw(10 ** 9) - 10 ** 8,
        );
        const open = [...stream.records.values()].find(
          (record) => record.kind === 'clock_advance' && !record.hasEnded,
        );
        if (open?.kind === 'clock_advance') {
          const states = ['done', 'too_far', 'under_way'] as const;
          const { id: advanceId, attempt, at: reached } = open.advance;
          const state = states[draw(3)] ?? 'done';
          stream.decide({ type: 'RecordClockAdvance', advanceId, attempt, at: reached, ran: n, state }, now);
        } else {
          const time = target.toISOString();
          const commands = [
            { type: 'FreezeClock', time },
            { type: 'AdvanceClock', to: time },
            release,
          ] as const;
          stream.decide(commands[draw(3)] ?? release, now);
        }
        const shown = (stream.time(now) as { time: string }).time;
        const followed = stream.events.filter(isClockEvent).at(-1);
        expect(timeOf(followed && clockAfter(followed), now)).toBe(shown);
        expect([seed, shown >= last]).toEqual([seed, true]);
        last = shown;
      }
    }
  });
});
