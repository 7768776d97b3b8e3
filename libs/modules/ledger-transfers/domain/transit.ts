import { reservedName, transitAddress } from '@fintech-ledger/ledger/domain';
import type {
  AccountType,
  BookingLine,
  Direction,
  OpeningTerms,
  SharedView,
} from '@fintech-ledger/ledger/domain';
import { accountKey, accountOf } from '@fintech-ledger/ledger/domain';

/** The name below which every ledger has its transit accounts. */
export const transfersName = reservedName;

interface TransitAccount {
  readonly account: string;
  readonly opens: OpeningTerms;
}

const types = { debit: 'asset', credit: 'liability' } as const satisfies Readonly<
  Record<Direction, AccountType>
>;

/**
 * Where money of a currency is on its way between ledgers. There is one for each side on which accounts grow: so what
 * is open counts as positive in the ledger that it left, whether that owns the money or owes it, and the sum over all
 * ledgers is what is open.
 */
export function transitAccount(side: Direction, currency: string): TransitAccount {
  const type = types[side];
  return { account: transitAddress(type, currency), opens: { type } };
}

export const opposite = (side: Direction): Direction => (side === 'debit' ? 'credit' : 'debit');

interface Moved {
  readonly account: string;
  readonly amount: string;
  readonly currency: string;
  readonly side: Direction;
}

/** It leaves the account, and is in transit. */
export const leavingLines = ({ side, ...moved }: Moved): readonly BookingLine[] =>
  lines(moved, side, opposite(side), side);

/** It is in transit no more, and arrives on the account: of the other ledger, or back on its own. */
export const arrivingLines = ({ side, ...moved }: Moved): readonly BookingLine[] =>
  lines(moved, side, side, opposite(side));

function lines(
  { account, amount, currency }: Omit<Moved, 'side'>,
  side: Direction,
  ofAccount: Direction,
  ofTransit: Direction,
): readonly BookingLine[] {
  const booked = { amount: BigInt(amount), currency };
  return [
    { ...booked, account, direction: ofAccount },
    { ...booked, ...transitAccount(side, currency), direction: ofTransit },
  ];
}

/** The state as a judged booking sees it: nothing refuses anything for the transit account. */
export function withOpenTransit(view: SharedView, side: Direction, currency: string): SharedView {
  const { account } = transitAccount(side, currency);
  const transit = accountOf(view, account);
  if (transit === undefined) return view;
  const open = { ...transit, minBalance: null, maxBalance: null, status: 'open' } as const;
  const key = accountKey(account);
  return { get: (asked) => (asked === key ? open : view.get(asked)) };
}
