import type { DecideContext } from '@fintech-ledger/ledger/domain';
import { ownBankAccounts, payeeAccount, payeeAccounts } from './bank-transfers';
import { bankTransferRail } from './chart';
import type { PayeeAccountFacts } from './bank-transfers';
import type { PaymentEvent } from './events';
import { payoutBatchId } from './payout-batches';
import type { PayoutBatchFacts } from './payout-batches';
import type { PayoutFacts } from './payout-facts';
import { openBatchesOf, payoutBatchesKey } from './records';
import type { OpenBatch, PaymentsChange, PaymentsView } from './records';

/* When the payouts of a batch are all sent: the journal counts those that are not. */

type PayoutStep = 'PayoutCreated' | 'PayoutSent' | 'PayoutCanceled';

/** A batch that is not made yet, after an event of one of its payouts. */
function withPayout(
  open: OpenBatch = { accounts: [], amount: '0', count: 0, pending: 0 },
  type: PayoutStep,
  { amount, bankAccount, destination }: PayoutFacts,
): OpenBatch {
  if (type === 'PayoutCreated') return { ...open, pending: open.pending + 1 };
  const pending = open.pending - 1;
  if (type === 'PayoutCanceled') return { ...open, pending };
  const { accounts } = open;
  // Of connected accounts there may be thousands, and their payouts say themselves where they go.
  const isKnown = destination !== undefined || accounts.includes(bankAccount);
  return {
    accounts: isKnown ? accounts : [...accounts, bankAccount].sort(),
    amount: String(BigInt(open.amount) + BigInt(amount)),
    count: open.count + 1,
    pending,
  };
}

/** What an event of a payout changes of the batch that it goes with. */
export function batchChanges(
  view: PaymentsView,
  type: PaymentEvent['type'],
  payout: PayoutFacts,
): readonly PaymentsChange[] {
  if (payout.rail !== bankTransferRail) return [];
  if (type !== 'PayoutCreated' && type !== 'PayoutSent' && type !== 'PayoutCanceled') return [];
  // One that is made again was sent before: its batch has it.
  if (type === 'PayoutCreated' && payout.railReference !== null) return [];
  const { [payout.sendsAt]: before, ...others } = openBatchesOf(view, payout.currency);
  const after = withPayout(before, type, payout);
  const isNone = after.pending === 0 && after.count === 0;
  const open = isNone ? others : { ...others, [payout.sendsAt]: after };
  return [{ key: payoutBatchesKey(payout.currency), record: { kind: 'payout_batches', open } }];
}

export function batchMade(view: PaymentsView, { currency: code, sendsAt }: PayoutBatchFacts): PaymentsChange {
  const { [sendsAt]: _made, ...open } = openBatchesOf(view, code);
  return { key: payoutBatchesKey(code), record: { kind: 'payout_batches', open } };
}

/** The batch whose last payout this is; undefined: others of it are not sent yet. @param open with this payout */
function madeWith(
  view: PaymentsView,
  open: OpenBatch,
  { currency: code, livemode, sendsAt }: PayoutFacts,
  { now }: Pick<DecideContext, 'now'>,
): PaymentEvent | undefined {
  if (open.pending > 0) return undefined;
  const known = ownBankAccounts(view);
  const creditors = open.accounts.flatMap((id) => known.find((each) => each.id === id) ?? []);
  const debtor = payeeAccount(view, code, livemode) ?? formerPayee(view, code, livemode);
  if (debtor === undefined) return undefined;
  const { amount, count } = open;
  const id = payoutBatchId(sendsAt, code);
  const payoutBatch = {
    ...{ amount, count, createdAt: now, currency: code, id, livemode, sendsAt },
    creditors: creditors.map(withoutPurpose),
    debtor: withoutPurpose(debtor),
  };
  return { type: 'PayoutBatchMade', data: { payoutBatch } };
}

/** None takes the currency any more: that on which what is paid out came in. */
function formerPayee(view: PaymentsView, code: string, livemode: boolean): PayeeAccountFacts | undefined {
  const former = [...ownBankAccounts(view), ...payeeAccounts(view, livemode)].filter(
    ({ purpose }) => purpose !== 'payout',
  );
  return former.findLast((each) => each.currency === code) ?? former.at(-1);
}

function withoutPurpose({ purpose: _purpose, ...facts }: PayeeAccountFacts): PayeeAccountFacts {
  return facts;
}

/**
 * What follows from an event of a decision: the batch whose last payout it sends.
 * @param view with that event
 */
export function batchMadeAfter(
  view: PaymentsView,
  { data, type }: PaymentEvent,
  context: Pick<DecideContext, 'now'>,
): PaymentEvent | undefined {
  if (type !== 'PayoutSent' || data.payout.rail !== bankTransferRail) return undefined;
  const { currency: code, sendsAt } = data.payout;
  const { [sendsAt]: open } = openBatchesOf(view, code);
  return open && madeWith(view, open, data.payout, context);
}
