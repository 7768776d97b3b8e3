import { groupedBy } from '@fintech-ledger/contract';

/* What the books hold against what rails and banks report, line by line. Pure. All amounts: minor units. */

/** Something that a rail reports, or that is booked of it. */
export interface RailItem {
  readonly currency: string;
  /** Not negative, except where the rail gives a fee back. */
  readonly feeMinor: bigint;
  /** Before the fee; negative where the rail takes. */
  readonly grossMinor: bigint;
  readonly kind: string;
  /** The rail's own id of it. */
  readonly railReference: string;
  /** When it counts: a time. */
  readonly since: string;
}
export interface BookedItem extends RailItem {
  /** What of its fee was adjusted as the rail reported it; absent: nothing was. */
  readonly adjusted?: Adjusted;
  /** The payment, refund or dispute. */
  readonly object: string;
}

/** How a fee came to be what the rail reports. */
export interface Adjusted {
  readonly amountMinor: bigint;
  /** The lines of balances that did it, in their order. */
  readonly lines: readonly string[];
}
export type AdjustedItem = BookedItem & { readonly adjusted: Adjusted };

export const differenceTypes = [
  'missing_in_books',
  'missing_at_rail',
  'amount_differs',
  'fee_differs',
  'statement_incomplete',
  'statement_missing',
] as const;
export type DifferenceType = (typeof differenceTypes)[number];

export interface Difference {
  readonly booked: Pick<RailItem, 'feeMinor' | 'grossMinor'> | null;
  readonly kind: string;
  /** What is reported less what is booked, each after its fee. */
  readonly netMinor: bigint;
  /** Of ours; null: the books have nothing of it. */
  readonly object: string | null;
  readonly railReference: string | null;
  readonly reported: Pick<RailItem, 'feeMinor' | 'grossMinor'> | null;
  readonly since: string;
  readonly type: DifferenceType;
}
export interface Totals {
  readonly feeMinor: bigint;
  readonly grossMinor: bigint;
  readonly lines: number;
}
/** Of a rail in a currency. */
export interface Reconciled {
  /** What has a fee that was adjusted, oldest first. */
  readonly adjusted: readonly AdjustedItem[];
  readonly booked: Totals;
  readonly currency: string;
  /** Oldest first. */
  readonly differences: readonly Difference[];
  readonly reported: Totals;
}

const noTotals: Totals = { feeMinor: 0n, grossMinor: 0n, lines: 0 };
const netOf = (item: Pick<RailItem, 'feeMinor' | 'grossMinor'> | null): bigint =>
  item === null ? 0n : item.grossMinor - item.feeMinor;
const totalsOf = (items: readonly RailItem[]): Totals =>
  items.reduce(
    ({ feeMinor, grossMinor, lines }, item) => ({
      feeMinor: feeMinor + item.feeMinor,
      grossMinor: grossMinor + item.grossMinor,
      lines: lines + 1,
    }),
    noTotals,
  );
type Aged = Pick<RailItem, 'since'>;
const byAge = (a: Aged, b: Aged): number => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0);

const currencyOf = ({ currency }: { readonly currency: string }): string => currency;

/** Each line of a rail with what is booked of it: they are the same, or the difference is named. */
export function reconcileRail(
  booked: readonly BookedItem[],
  reported: readonly RailItem[],
): readonly Reconciled[] {
  const [ours, theirs] = [groupedBy(booked, currencyOf), groupedBy(reported, currencyOf)];
  const currencies = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return currencies.map((currency) => {
    const [own, said] = [ours.get(currency) ?? [], theirs.get(currency) ?? []];
    const differences = [...differencesOf(own, said)].sort(byAge);
    const adjusted = own.filter(isAdjusted).sort(byAge);
    return { adjusted, booked: totalsOf(own), currency, differences, reported: totalsOf(said) };
  });
}

function* differencesOf(booked: readonly BookedItem[], reported: readonly RailItem[]): Generator<Difference> {
  const keyOf = ({ kind, railReference }: RailItem): string => `${kind} ${railReference}`;
  const [ours, theirs] = [groupedBy(booked, keyOf), groupedBy(reported, keyOf)];
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const said = [...(theirs.get(key) ?? [])];
    // What is the same is no difference, however often there is something under one reference.
    const open = (ours.get(key) ?? []).filter((item) => {
      const same = said.findIndex((each) => isSame(each, item));
      if (same >= 0) said.splice(same, 1);
      return same < 0;
    });
    for (let at = 0; at < Math.max(open.length, said.length); at += 1)
      yield differenceOf(open[at] ?? null, said[at] ?? null);
  }
}

const isAdjusted = (item: BookedItem): item is AdjustedItem => item.adjusted !== undefined;
/** What a rail takes for a dispute is a fee, whether it reports it as an amount or as a fee. */
const isFee = ({ kind }: Pick<RailItem, 'kind'>): boolean => kind === 'dispute_fee';
const isSame = (one: RailItem, other: RailItem): boolean =>
  isFee(one)
    ? netOf(one) === netOf(other)
    : one.grossMinor === other.grossMinor && one.feeMinor === other.feeMinor;

/** @throws Error neither is there */
function differenceOf(booked: BookedItem | null, reported: RailItem | null): Difference {
  const known = booked ?? reported;
  if (known === null) throw new Error('there is nothing to be told apart');
  const { kind, railReference, since } = known;
  const money = (item: RailItem | null) => item && { feeMinor: item.feeMinor, grossMinor: item.grossMinor };
  return {
    ...{ kind, railReference, since, object: booked?.object ?? null },
    booked: money(booked),
    netMinor: netOf(reported) - netOf(booked),
    reported: money(reported),
    type: typeOf(booked, reported),
  };
}

function typeOf(booked: BookedItem | null, reported: RailItem | null): DifferenceType {
  if (booked === null) return 'missing_in_books';
  if (reported === null) return 'missing_at_rail';
  return booked.grossMinor === reported.grossMinor ? 'fee_differs' : 'amount_differs';
}

/** The fee of an item. */
export const feeIn = (item: Pick<RailItem, 'feeMinor' | 'grossMinor' | 'kind'>): bigint =>
  isFee(item) ? -netOf(item) : item.feeMinor;

/** A fee that a rail reports, and that is not what is booked. */
export interface ReportedFee {
  readonly feeMinor: bigint;
  readonly kind: string;
  readonly object: string;
  readonly railReference: string;
}

/**
 * The fees among differences of lines that both sides have, of which only the fee differs.
 * @param now a rail may report what settles later otherwise
 */
export function feesThatDiffer(all: readonly Reconciled[], now: string): readonly ReportedFee[] {
  return all.flatMap(({ differences }) =>
    differences.flatMap(({ booked, kind, object, railReference, reported, since, type }) => {
      const isOfFee = type === 'fee_differs' || (isFee({ kind }) && type === 'amount_differs');
      if (!isOfFee || since > now || booked === null || reported === null) return [];
      if (object === null || railReference === null) return [];
      return [{ feeMinor: feeIn({ ...reported, kind }), kind, object, railReference }];
    }),
  );
}

/** A statement, and what is booked of it. */
export interface StatementItem {
  readonly bookedMinor: bigint;
  readonly closingMinor: bigint;
  readonly currency: string;
  readonly id: string;
  readonly importedAt: string;
  readonly lines: number;
  readonly linesImported: number;
  readonly openingMinor: bigint;
  /** What the one before it ended with; null: it is the first one. */
  readonly previousMinor: bigint | null;
  readonly statementId: string;
}

/** What is booked of bank accounts against how their balances moved, also between two statements. */
export function reconcileStatements(statements: readonly StatementItem[]): readonly Reconciled[] {
  const all = [...groupedBy(statements, currencyOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return all.map(([currency, of]) => {
    const bookedMinor = of.reduce((sum, each) => sum + each.bookedMinor, 0n);
    const reportedMinor = of.reduce((sum, each) => sum + movedOf(each) + gapOf(each), 0n);
    const count = (name: 'lines' | 'linesImported'): number => of.reduce((sum, each) => sum + each[name], 0);
    return {
      adjusted: [],
      booked: { feeMinor: 0n, grossMinor: bookedMinor, lines: count('linesImported') },
      currency,
      differences: of.flatMap((each) => [...differencesOfStatement(each)]).sort(byAge),
      reported: { feeMinor: 0n, grossMinor: reportedMinor, lines: count('lines') },
    };
  });
}

const movedOf = ({ closingMinor, openingMinor }: StatementItem): bigint => closingMinor - openingMinor;
const gapOf = ({ openingMinor, previousMinor }: StatementItem): bigint =>
  previousMinor === null ? 0n : openingMinor - previousMinor;

function* differencesOfStatement(statement: StatementItem): Generator<Difference> {
  const { bookedMinor, id, importedAt, statementId } = statement;
  const of = { kind: 'statement', object: id, railReference: statementId, since: importedAt };
  const plain = (grossMinor: bigint) => ({ feeMinor: 0n, grossMinor });
  const gap = gapOf(statement);
  if (gap !== 0n)
    yield { ...of, booked: null, netMinor: gap, reported: plain(gap), type: 'statement_missing' };
  const moved = movedOf(statement);
  if (moved === bookedMinor) return;
  const both = { booked: plain(bookedMinor), reported: plain(moved) };
  yield { ...of, ...both, netMinor: moved - bookedMinor, type: 'statement_incomplete' };
}
