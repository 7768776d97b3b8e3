import { refused } from '@fintech-ledger/contract';
import type { CodeOf, PartDecision } from '@fintech-ledger/contract';
import { accountNotClosed, accountNotEmpty } from '@fintech-ledger/ledger/domain';
import type { SharedView } from '@fintech-ledger/ledger/domain';
import { defaultSchedule, scheduleEvents, underWayOf } from '@fintech-ledger/payments/domain';
import type { ScheduleEvent } from '@fintech-ledger/payments/domain';
import { leftOf, openDisputeOf } from './account-money';
import type { ConnectCommand } from './commands';
import type { ConnectEvent } from './events';
import type { BankAccountFacts, ConnectedAccountFacts } from './facts';
import type { ConnectView } from './records';
import { connectedAccountErased } from './refusals';
import type { connectCommandRefusals } from './refusals';
import { showConnectedAccount } from './show';

type DecisionOf<Type extends ConnectCommand['type']> = PartDecision<
  ConnectEvent | ScheduleEvent,
  CodeOf<(typeof connectCommandRefusals)[Type]>
>;

/** For good. Nothing is forgotten by that: a platform has to keep whom it paid, for as long as its law says. */
export function closeAccount(
  view: ConnectView & SharedView,
  account: ConnectedAccountFacts,
  now: string,
): DecisionOf<'CloseConnectedAccount'> {
  const { id, livemode } = account;
  const left = leftOf(view, id);
  if (left !== undefined) {
    const why = `Connected account ${id} has ${left.amount} ${left.currency} ${left.bucket}.`;
    return refused(accountNotEmpty, why);
  }
  const notEnded = underWayRefusal(view, id);
  if (notEnded !== undefined) return notEnded;
  const dispute = openDisputeOf(view, id);
  if (dispute !== undefined)
    return refused(accountNotEmpty, `Dispute ${dispute} of connected account ${id} is open.`);
  const connectedAccount = { ...account, closedAt: now, status: 'closed' } as const;
  const scheduled = scheduleEvents(view, { livemode, owner: id }, defaultSchedule, now);
  return {
    kind: 'decided',
    events: [...scheduled, { type: 'ConnectedAccountClosed', data: { connectedAccount } }],
  };
}

function underWayRefusal(view: ConnectView, id: string) {
  const underWay = underWayOf(view, id);
  if (underWay === 0) return undefined;
  const why = `${underWay} payments, refunds or payouts of connected account ${id} have not ended.`;
  return refused(accountNotEmpty, why);
}

const nobodys = (bankAccount: BankAccountFacts): BankAccountFacts => ({
  ...bankAccount,
  accountHolder: null,
  iban: null,
});

/**
 * Of one that is closed, with nothing under way: a payout that is to be sent needs the name and number of its bank
 * account. The event has nothing sealed left, so that who is told of it before the key is destroyed is told nothing
 * personal.
 */
export function eraseAccount(
  view: ConnectView,
  account: ConnectedAccountFacts,
  now: string,
): DecisionOf<'EraseConnectedAccount'> {
  const { bankAccounts, erasedAt, id, status, subject: erasedSubject } = account;
  if (status !== 'closed') {
    const { refusal } = refused(accountNotClosed, `Connected account ${id} is ${status}: close it first.`);
    return {
      kind: 'refused',
      refusal: { ...refusal, objects: { connected_account: showConnectedAccount(account) } },
    };
  }
  if (erasedAt !== undefined)
    return refused(connectedAccountErased, `Connected account ${id} was erased at ${erasedAt}.`);
  const notEnded = underWayRefusal(view, id);
  if (notEnded !== undefined) return notEnded;
  const connectedAccount = {
    ...account,
    bankAccounts: bankAccounts.map(nobodys),
    company: { address: null, name: null, registrationNumber: null },
    email: null,
    erasedAt: now,
    individual: { address: null, birthDate: null, firstName: null, lastName: null },
  };
  return {
    kind: 'decided',
    events: [{ type: 'ConnectedAccountErased', data: { connectedAccount, erasedSubject } }],
  };
}
