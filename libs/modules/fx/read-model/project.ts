import { fxEvents, positionOf } from '@fintech-ledger/fx/domain';
import type { ConversionFacts, FxEvent, QuoteFacts, RateFacts } from '@fintech-ledger/fx/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

export type FxFacts = ConversionFacts | QuoteFacts | RateFacts;

/** An object as an event left it. */
export interface StateRow {
  readonly ledgerId: string;
  readonly id: string;
  readonly revision: number;
  /** By the clock of the environment, milliseconds. */
  readonly effectiveMs: number;
  readonly type: string;
  readonly facts: FxFacts;
}
export interface CurrentRow<F extends FxFacts = FxFacts> {
  readonly ledgerId: string;
  readonly id: string;
  /** Of the first event of it in the batch, and of the last one. */
  readonly firstRevision: number;
  readonly revision: number;
  readonly createdMs: number;
  readonly facts: F;
}
export interface RateRow extends CurrentRow<RateFacts> {
  readonly validFromMs: number;
}
/** What a position account has from an event on. */
export interface PositionRow {
  readonly ledgerId: string;
  readonly revision: number;
  readonly effectiveMs: number;
  readonly base: string;
  readonly quote: string;
  readonly currency: string;
  readonly amount: string;
}

/** What a batch says of money between currencies. */
export interface FxRows {
  readonly states: readonly StateRow[];
  readonly rates: readonly RateRow[];
  /** Each once, as its last event left it. */
  readonly quotes: readonly CurrentRow<QuoteFacts>[];
  readonly conversions: readonly CurrentRow<ConversionFacts>[];
  readonly positions: readonly PositionRow[];
}

const names = new Set<string>(fxEvents.names);

/** Pure. */
export function projectFx(events: readonly DecodedEvent[]): FxRows {
  const states: StateRow[] = [];
  const rates: RateRow[] = [];
  const quotes = new Map<string, CurrentRow<QuoteFacts>>();
  const conversions: CurrentRow<ConversionFacts>[] = [];
  const positions: PositionRow[] = [];
  for (const { owner: ledgerId, revision, effectiveMs, event: any } of events) {
    if (!names.has(any.type)) continue;
    const { type, data } = any as FxEvent;
    const at = { ledgerId, revision };
    const state = (facts: FxFacts): void => {
      states.push({ ...at, effectiveMs, type, id: facts.id, facts });
    };
    const current = <F extends FxFacts>(facts: F, firstRevision = revision): CurrentRow<F> => {
      const createdMs = Date.parse(facts.createdAt);
      return { ...at, id: facts.id, firstRevision, createdMs, facts };
    };
    if ('rate' in data) {
      state(data.rate);
      rates.push({ ...current(data.rate), validFromMs: Date.parse(data.rate.validFrom) });
      continue;
    }
    state(data.quote);
    const key = `${ledgerId} ${data.quote.id}`;
    quotes.set(key, current(data.quote, quotes.get(key)?.firstRevision));
    if (!('conversion' in data)) continue;
    state(data.conversion);
    conversions.push(current(data.conversion));
    for (const { account, after } of data.entries) {
      const position = positionOf(account);
      if (position === undefined) continue;
      const amount = String(BigInt(after.postedCredits) - BigInt(after.postedDebits));
      positions.push({ ...at, effectiveMs, ...position, amount });
    }
  }
  return { states, rates, quotes: [...quotes.values()], conversions, positions };
}
