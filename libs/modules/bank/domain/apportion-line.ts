import { refused } from '@fintech-ledger/contract';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import { bankCharged, paymentOf, payoutOf, refundOf } from '@fintech-ledger/payments/domain';
import { restWanted } from './apply-line';
import type { ApportionBankLine } from './commands';
import type { DecisionOf } from './decision';
import { Draft } from './draft';
import type { AnyView } from './draft';
import type { BankLineFacts, LineMatch } from './facts';
import { noLine, spent } from './line-refusals';
import { bankLineOf } from './records';
import { bankLineMismatch } from './refusals';
import { isRefused, paramOf, whatItIsFor } from './what-it-is-for';
import type { Refused } from './what-it-is-for';

/** A share of a line. */
interface Share {
  readonly amount: bigint;
  readonly object: string;
  readonly param: string;
}

/** Each object gets what it is of, as though a line of its own had come; what is left over is the platform's own. */
export function apportionBankLine(
  view: AnyView,
  command: ApportionBankLine,
  context: DecideContext,
): DecisionOf<'ApportionBankLine'> {
  const line = bankLineOf(view, command.lineId);
  if (line === undefined) return noLine(command.lineId);
  if (line.status !== 'parked') return spent(line);
  const used = BigInt(command.amount ?? line.left);
  if (used > BigInt(line.left)) {
    const why = `${line.left} ${line.currency} of line ${line.id} are left, not ${used}.`;
    return refused(bankLineMismatch, why, '/amount');
  }
  const shares = command.objects.map((object, at) => ({
    amount: amountOf(view, line, object),
    object,
    param: command.isList ? `/objects/${at}` : paramOf(object),
  }));
  const difference = command.own === null ? BigInt(command.difference) : used;
  const draft = new Draft(view, context);
  const bankLine = apportioned(line, command, shares, difference, used);
  draft.add({ type: 'BankLineMatched', data: { bankLine, leaves: line.payment } });
  const unfit = applyShares(draft, line, shares);
  if (unfit !== undefined) return unfit;
  const odd = command.own === null ? doesNotComeOut(line, shares, difference, used) : undefined;
  if (odd !== undefined) return odd;
  if (difference !== 0n) draft.add(ownPart(draft, line, command, difference));
  return { kind: 'decided', events: draft.events };
}

/** Zero: there is no such object, or it waits for nothing; judging it says so. */
function amountOf(view: AnyView, { id }: BankLineFacts, object: string): bigint {
  if (object.startsWith('re_')) return BigInt(refundOf(view, object)?.amount ?? 0);
  if (object.startsWith('po_')) return BigInt(payoutOf(view, object)?.amount ?? 0);
  if (object.startsWith('bsl_')) {
    const back = bankLineOf(view, object)?.matches.find((match) => match.object === object);
    return BigInt(back?.amount ?? 0);
  }
  const payment = paymentOf(view, object);
  return payment === undefined ? 0n : restWanted(view, payment, id);
}

/** The line with what it is for in addition. What is left of it stays parked. */
function apportioned(
  line: BankLineFacts,
  { description, own }: ApportionBankLine,
  shares: readonly Share[],
  difference: bigint,
  used: bigint,
): BankLineFacts {
  const left = BigInt(line.left) - used;
  const ofOwn: LineMatch = {
    amount: String(difference),
    object: own ?? 'fee',
    ...(description !== null && { description }),
  };
  return {
    ...line,
    left: String(left),
    matches: [
      ...line.matches,
      ...shares.map(({ amount, object }) => ({ amount: String(amount), object })),
      ...(difference === 0n ? [] : [ofOwn]),
    ],
    parkedBecause: left === 0n ? null : 'surplus',
    payment: null,
    status: left === 0n ? 'matched' : 'parked',
  };
}

/** One after the other: what is named twice does not wait for it any more. @returns the first that does not fit */
function applyShares(draft: Draft, line: BankLineFacts, shares: readonly Share[]): Refused | undefined {
  for (const { amount, object, param } of shares) {
    const share = { ...line, amount: String(amount), left: String(amount) };
    const applied = whatItIsFor(draft, share, object, param);
    if (isRefused(applied)) return applied;
    applied.then();
  }
  return undefined;
}

/** A charge is less than what it is taken of: what is more is a mistake about what the line is for. */
function doesNotComeOut(
  { currency, id }: BankLineFacts,
  shares: readonly Share[],
  difference: bigint,
  used: bigint,
): Refused | undefined {
  const sum = shares.reduce((total, { amount }) => total + amount, 0n);
  const param = '/difference';
  if (sum + difference !== used) {
    const why = `It is for ${sum} ${currency} in all, ${used} of line ${id} are: they differ by ${used - sum}.`;
    return refused(bankLineMismatch, why, param);
  }
  if (difference < sum && difference > -sum) return undefined;
  const why = `A difference of ${difference} is not less than the ${sum} ${currency} that the line is for.`;
  return refused(bankLineMismatch, why, param);
}

/** What left without being for anything was taken by the bank, and so was what did not come. */
function ownPart(
  draft: Draft,
  { currency, direction, id, livemode }: BankLineFacts,
  { description, own }: ApportionBankLine,
  difference: bigint,
) {
  const amount = String(direction === 'debit' ? difference : -difference);
  const charge = { amount, bankLine: id, currency, description, kind: own ?? 'fee', livemode } as const;
  return bankCharged(draft.view, charge, draft.context, draft.index);
}
