import { seededRandom } from '../../../testing/faults/seeded-random';
import { seedOf } from '../../../testing/seed';
import { FundedJournal } from '../../../testing/payments/funded-journal';
import {
  balanceLinesOf,
  isConversion,
  linesOfConversion,
  netOf,
  paymentEvents,
} from '@fintech-ledger/payments/domain';
import type { PaymentEvent } from '@fintech-ledger/payments/domain';
import { findCurrency } from '@fintech-ledger/ledger/domain';
import type { FxCommand } from './commands';
import type { QuoteFacts } from './facts';

const seed = seedOf('FX_SEED');
const runs = Number(process.env['FX_HISTORIES'] ?? 40);
const steps = Number(process.env['FX_STEPS'] ?? 120);

// Exponents 0, 2, 3 and 4.
const codes = ['JPY', 'USD', 'KWD', 'CLF'] as const;
const scale = (code: string): bigint => 10n ** BigInt(findCurrency(code)?.exponent ?? 0);

/** A rate as the model has it: how many units of 10^-6. */
interface ModelRate {
  readonly ask: bigint;
  readonly base: string;
  readonly bid: bigint;
  readonly quote: string;
  readonly validFrom: string;
}

/** What is known besides the journal, by plain rules: balances, the rates that were set, and what quotes were used. */
class Model {
  readonly balances = new Map<string, bigint>();
  readonly legs = new Map<string, bigint>();
  readonly earned = new Map<string, bigint>();
  readonly rates: ModelRate[] = [];
  readonly used = new Set<string>();

  add(to: Map<string, bigint>, key: string, amount: bigint): void {
    to.set(key, (to.get(key) ?? 0n) + amount);
  }

  /** The last one that is valid, of two from one moment the later set; the pair itself before its inverse. */
  rateOf(from: string, to: string, now: string): ModelRate | undefined {
    const of = (base: string, quote: string): ModelRate | undefined => {
      const all = this.rates.filter(
        (one) => one.base === base && one.quote === quote && one.validFrom <= now,
      );
      return all.reduce<ModelRate | undefined>(
        (best, one) => (best === undefined || one.validFrom >= best.validFrom ? one : best),
        undefined,
      );
    };
    return of(from, to) ?? of(to, from);
  }
}

/** As a rule of `expect`, which would take most of the time. */
function insist(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

const decimal = (millionths: bigint): string =>
  `${millionths / 1_000_000n}.${String(millionths % 1_000_000n).padStart(6, '0')}`;

class Run {
  readonly books = new FundedJournal();
  readonly model = new Model();
  readonly quotes: QuoteFacts[] = [];
  readonly refusals = new Set<string>();
  converted = 0;
  private readonly nets = new Map<string, bigint>();
  /** Events whose lines are counted. */
  private seen = 0;

  constructor(private readonly random: () => number) {
    for (const code of codes) this.pay(code, '10000000');
  }

  step(): void {
    const chance = this.random();
    if (chance < 0.12) this.pay();
    else if (chance < 0.3) this.setRate();
    else if (chance < 0.6) this.quote();
    else if (chance < 0.85) this.convert();
    else if (chance < 0.92) this.payOut();
    else this.books.journal.advance(Date.parse(this.books.journal.now) + Math.floor(this.random() * 70_000));
    this.check();
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  private amount(): string {
    const huge = this.random() < 0.2 ? 9_007_199_254_740_993n : 1n;
    return String(huge * BigInt(1 + Math.floor(this.random() * 50_000)));
  }

  private pay(currency: string = this.pick(codes), amount = this.amount()): void {
    this.books.pay(amount, currency);
    this.model.add(this.model.balances, currency, BigInt(amount));
  }

  private payOut(): void {
    const [amount, currency] = [this.amount(), this.pick(codes)];
    const said = { bankAccount: null, description: null, livemode: false, metadata: {} };
    const decision = this.books.journal.submit({ type: 'CreatePayout', amount, currency, ...said });
    if (decision.kind === 'decided') this.model.add(this.model.balances, currency, -BigInt(amount));
  }

  private setRate(): void {
    const [base, quote] = [this.pick(codes), this.pick(codes)];
    const bid = BigInt(Math.floor(this.random() * 200) * (this.random() < 0.5 ? 1 : 1_000_000));
    const ask = bid + BigInt(Math.floor(this.random() * 40) - 4);
    const { now } = this.books.journal;
    const validFrom = new Date(
      Date.parse(now) + Math.floor((this.random() - 0.5) * 4) * 30_000,
    ).toISOString();
    const command: FxCommand = {
      type: 'SetFxRate',
      ...{ ask: decimal(ask < 0n ? 0n : ask), base, bid: decimal(bid), quote, validFrom },
      ...{ livemode: false, source: 'test' },
    };
    const isRight = base !== quote && bid > 0n && ask >= bid;
    if (this.decided(command) !== isRight)
      throw new Error(`a rate is judged otherwise: ${JSON.stringify(command)}`);
    if (isRight) this.model.rates.push({ ask, base, bid, quote, validFrom });
  }

  private quote(): void {
    const [currency, to, amount] = [this.pick(codes), this.pick(codes), this.amount()];
    const { journal } = this.books;
    const command: FxCommand = { type: 'CreateFxQuote', from: { amount, currency }, livemode: false, to };
    const rate = currency === to ? undefined : this.model.rateOf(currency, to, journal.now);
    const expected = rate === undefined ? 0n : this.worth(rate, BigInt(amount), currency, to);
    const decision = journal.submit(command);
    if (decision.kind === 'refused') {
      this.refusals.add(decision.refusal.code);
      insist(expected === 0n, `a quote is refused that comes to ${expected}`);
      return;
    }
    const { quote } = decision.events[0]?.data as unknown as { quote: QuoteFacts };
    insist(BigInt(quote.to.amount) === expected, `${quote.to.amount} and not ${expected}`);
    this.quotes.push(quote);
  }

  /** Rounded down, of millionths. */
  private worth(rate: ModelRate, given: bigint, from: string, to: string): bigint {
    return rate.base === from
      ? (given * rate.bid * scale(to)) / (1_000_000n * scale(from))
      : (given * 1_000_000n * scale(to)) / (rate.ask * scale(from));
  }

  private convert(): void {
    const quote = this.random() < 0.7 ? this.quotes.at(-1) : this.pick(this.quotes);
    if (quote === undefined) return;
    const { from, id, pair, spread, to } = quote;
    const { balances, earned, legs, used } = this.model;
    const isDue = !used.has(id) && this.books.journal.now < quote.expiresAt;
    const isThere = (balances.get(from.currency) ?? 0n) >= BigInt(from.amount);
    const isDecided = this.decided({ type: 'CreateFxConversion', livemode: false, quote: id });
    insist(isDecided === (isDue && isThere), `a conversion is judged otherwise: ${id}`);
    if (!isDecided) return;
    this.converted += 1;
    used.add(id);
    this.model.add(balances, from.currency, -BigInt(from.amount));
    this.model.add(balances, to.currency, BigInt(to.amount));
    this.model.add(legs, `${pair.base}-${pair.quote}:${from.currency}`, BigInt(from.amount));
    this.model.add(legs, `${pair.base}-${pair.quote}:${to.currency}`, -BigInt(to.amount) - BigInt(spread));
    this.model.add(earned, to.currency, BigInt(spread));
  }

  private decided(command: FxCommand): boolean {
    const before = this.books.journal.events.length;
    const decision = this.books.journal.submit(command);
    if (decision.kind === 'refused') {
      this.refusals.add(decision.refusal.code);
      insist(this.books.journal.events.length === before, 'what is refused leaves a trace');
    }
    return decision.kind === 'decided';
  }

  /** What holds at every moment. */
  private check(): void {
    const { books, model } = this;
    const { journal } = books;
    const sums = new Map<string, bigint>();
    for (const { currency, postedCredits, postedDebits } of journal.accounts)
      model.add(sums, currency, postedCredits - postedDebits);
    for (const [currency, sum] of sums) insist(sum === 0n, `${currency} does not balance`);
    for (const event of journal.events.slice(this.seen))
      for (const line of this.linesOf(event)) model.add(this.nets, line.currency, netOf(line));
    this.seen = journal.events.length;
    for (const code of codes) {
      const available = books.available(code);
      insist(available === (model.balances.get(code) ?? 0n), `the balance in ${code} is another one`);
      insist(available >= 0n, `the balance in ${code} is below zero`);
      insist(available === (this.nets.get(code) ?? 0n), `the lines in ${code} come to something else`);
      const earned = model.earned.get(code) ?? 0n;
      insist(journal.balance(`payments:platform:spread:${code}`) === earned, `spreads in ${code}`);
      insist(journal.balance(`payments:revenue:spread:${code}`) === earned, `revenue in ${code}`);
      insist(journal.balance(`payments:platform:result:${code}`) === -earned, `the result in ${code}`);
    }
    for (const [leg, amount] of model.legs)
      insist(journal.balance(`payments:positions:${leg}`) === amount, `the position ${leg}`);
  }

  private linesOf(event: PaymentEvent) {
    const any: { readonly type: string } = event;
    if (isConversion(any)) return linesOfConversion(any);
    return paymentEvents.names.includes(event.type) ? balanceLinesOf(event) : [];
  }
}

it(`converts as the model does, and Σ = 0 in each currency after each step (FX_SEED=${seed})`, () => {
  const refusals = new Set<string>();
  let converted = 0;
  for (let i = 0; i < runs; i += 1) {
    const run = new Run(seededRandom(seed + i));
    for (let step = 0; step < steps; step += 1) run.step();
    for (const code of run.refusals) refusals.add(code);
    converted += run.converted;
  }
  process.stderr.write(`fx: FX_SEED=${seed}, ${converted} conversions, ${[...refusals].sort().join(', ')}\n`);
  // So many steps would be no use if none of them converted.
  expect(converted).toBeGreaterThan(runs / 2);
  expect([...refusals]).toContain('rate_not_found');
});
