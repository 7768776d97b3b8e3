import { ChargeBooks } from '../../../testing/payments/charge-books';
import type { RailOutcome } from './rail-calls';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** A payment whose payer has to act, since the 5th of January, 12:00. */
class Given extends ChargeBooks {
  readonly payment = this.create({});
  readonly since = Date.parse(this.journal.now);

  constructor() {
    super();
    this.says({ kind: 'requires_action', railReference: 'ch_1', url: '/page' });
  }
  says(outcome: RailOutcome): void {
    const { payment } = this;
    const call = this.journal.payment(payment).call?.key ?? '';
    this.submit({ type: 'RecordRailOutcome', call, outcome, payment, refund: null });
  }
  waits(ms: number): this {
    this.journal.run(new Date(Date.parse(this.journal.now) + ms).toISOString());
    return this;
  }
  /** When its rail was asked, in milliseconds from the confirm. */
  get asked(): readonly number[] {
    return this.journal.events.flatMap((event) =>
      event.type === 'PaymentCallRepeated'
        ? [Date.parse(event.data.payment.call?.at ?? '') - this.since]
        : [],
    );
  }
  /** In how long it is asked next. */
  get nextMs(): number {
    return Date.parse(this.journal.dueAt(`payment:${this.payment}`) ?? '') - Date.parse(this.journal.now);
  }
}

describe('a payer who has to act, and leaves', () => {
  it('is asked about some seventy times in two years, and a dozen times a year after that', () => {
    const given = new Given().waits(730 * dayMs);
    const inTwoYears = given.asked.length;
    expect(inTwoYears).toBeGreaterThan(30);
    expect(inTwoYears).toBeLessThan(75);
    expect(given.waits(365 * dayMs).asked.length - inTwoYears).toBeLessThan(14);
    expect(given.journal.payment(given.payment)).toMatchObject({
      ...{ nextAction: { url: '/page' }, status: 'requires_action' },
    });
  });

  it('is asked about soon at first, then after a quarter of the time that has passed, and every 30 days', () => {
    const { asked } = new Given().waits(730 * dayMs);
    expect(asked.slice(0, 4)).toEqual([10_000, 30_000, 70_000, 150_000]);
    const gaps = asked.slice(1).map((at, i) => [at - (asked[i] ?? 0), asked[i] ?? 0] as const);
    for (const [gap, before] of gaps)
      expect(gap).toBeLessThanOrEqual(Math.max(before / 4, Math.min(before * 2 + 10_000, 60 * minuteMs)));
    expect(Math.max(...gaps.map(([gap]) => gap))).toBe(30 * dayMs);
  });

  it.each<[string, RailOutcome]>([
    ['will say later', { kind: 'pending', railReference: 'ch_1' }],
    ['does not answer', { kind: 'unknown' }],
  ])('and acts after a year, of which the rail %s, is asked about within an hour', (_what, outcome) => {
    const given = new Given().waits(365 * dayMs);
    expect(given.nextMs).toBeGreaterThan(dayMs);
    given.says(outcome);
    expect(given.journal.payment(given.payment).status).toBe('processing');
    expect(given.nextMs).toBeLessThanOrEqual(60 * minuteMs);
    given.waits(60 * minuteMs);
    expect(given.nextMs).toBeLessThanOrEqual(60 * minuteMs);
    given.capture(given.payment);
    expect(given.journal.payment(given.payment).status).toBe('succeeded');
  });
});
