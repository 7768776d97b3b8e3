import { postedBalance } from '@fintech-ledger/ledger/domain';
import {
  balanceLinesOf,
  bucketOf,
  isConversion,
  linesOfConversion,
  settledKeyOf,
} from '@fintech-ledger/payments/domain';
import type { BalanceLine, Bucket, ConversionEvent, PaymentEvent } from '@fintech-ledger/payments/domain';

/** Where and when an event is. */
export interface EventPlace {
  readonly ledgerId: string;
  readonly revision: number;
  /** By the clock of the environment, milliseconds. */
  readonly effectiveMs: number;
}
/** What an owner has in one of the parts of its balance from an event on. */
export interface BalanceRow extends EventPlace {
  readonly owner: string;
  readonly bucket: Bucket;
  readonly currency: string;
  readonly amount: string;
}
export interface LineRow
  extends EventPlace, Pick<BalanceLine, 'id' | 'type' | 'currency' | 'livemode' | 'owner' | 'source'> {
  /** Among the lines of its event. */
  readonly number: number;
  readonly amount: string;
  /** What of the fee is the platform's. */
  readonly applicationFee: string;
  readonly fee: string;
  /** Null: nothing moves inside the balance. */
  readonly moved: string | null;
  readonly settlement: string | null;
  readonly availableMs: number;
}
/** A settlement is over: its lines are available. */
export interface SettledRow extends EventPlace {
  readonly settlement: string;
}

/** What a batch says of balances. */
export interface BalanceRows {
  readonly balances: readonly BalanceRow[];
  readonly lines: readonly LineRow[];
  readonly settled: readonly SettledRow[];
}

/** What moves balances: events of payments, and conversions. */
type BalanceEvent = PaymentEvent | ConversionEvent;

/** Pure. */
export function balanceRowsOf(event: BalanceEvent, place: EventPlace): BalanceRows {
  return {
    balances: balancesOf(event, place),
    lines: linesOf(event, place),
    settled: settledOf(event, place),
  };
}

function balancesOf({ data }: BalanceEvent, place: EventPlace): readonly BalanceRow[] {
  if (!('entries' in data)) return [];
  const rows = new Map<string, BalanceRow>();
  for (const { account, accountType, after, currency } of data.entries) {
    const of = bucketOf(account);
    if (of === undefined) continue;
    const [postedDebits, postedCredits] = [BigInt(after.postedDebits), BigInt(after.postedCredits)];
    const totals = { postedDebits, postedCredits, pendingDebits: 0n, pendingCredits: 0n };
    // The last entry of an account has its totals after all of them.
    rows.set(account, {
      ledgerId: place.ledgerId,
      revision: place.revision,
      effectiveMs: place.effectiveMs,
      owner: of.owner,
      bucket: of.bucket,
      currency,
      amount: String(postedBalance(accountType, totals)),
    });
  }
  return [...rows.values()];
}

const linesOf = (event: BalanceEvent, place: EventPlace): readonly LineRow[] =>
  (isConversion(event) ? linesOfConversion(event) : balanceLinesOf(event)).map((line, number) => {
    const { amount, applicationFee = 0n, fee, moved, settlement } = line;
    return {
      ledgerId: place.ledgerId,
      revision: place.revision,
      effectiveMs: place.effectiveMs,
      // Named one by one: `...rest` of an object is slow, and there are many lines.
      id: line.id,
      type: line.type,
      currency: line.currency,
      livemode: line.livemode,
      owner: line.owner,
      source: line.source,
      number,
      amount: String(amount),
      applicationFee: String(applicationFee),
      fee: String(fee),
      moved: moved === undefined ? null : String(moved),
      settlement: settlement?.key ?? null,
      availableMs: settlement === null ? place.effectiveMs : Date.parse(settlement.availableOn),
    };
  });

function settledOf(event: BalanceEvent, place: EventPlace): readonly SettledRow[] {
  const settlement = isConversion(event) ? undefined : settledKeyOf(event);
  return settlement === undefined ? [] : [{ ...place, settlement }];
}
