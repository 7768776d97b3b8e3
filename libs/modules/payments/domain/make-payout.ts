import { refused } from '@fintech-ledger/contract';
import type { CodeOf, Refusal } from '@fintech-ledger/contract';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { payoutAccounts } from './bank-transfers';
import { payoutLines } from './bookings';
import { bankTransferRail, platformOwner } from './chart';
import { capabilityInactive } from './charges/charge-refusals';
import type { CreatePayout } from './commands';
import { capabilityStatus, connectedPartyOf } from './connected-accounts';
import type { ConnectedPartyFacts } from './connected-accounts';
import { currencyRefusal } from './currency';
import { booked, decided, shortOf } from './decision';
import type { DecisionOf } from './decision';
import type { PaymentEvent } from './events';
import { connectedAccountNotFound } from './object-refusals';
import { byBankRefusal, destinationOf, isTestAccount, testBankAccounts } from './payout-destinations';
import type { PayoutDestination } from './payout-destinations';
import type { PayoutFacts } from './payout-facts';
import type { PaymentsView } from './records';
import { unknownBankAccount } from './refusals';
import type { paymentCommandRefusals } from './refusals';
import { simulatorRail } from './test-methods';

type View = PaymentsView & SharedView;
type Code = CodeOf<(typeof paymentCommandRefusals)['CreatePayout']>;
type Refused = { readonly kind: 'refused'; readonly refusal: Refusal<Code> };

type Asked = Pick<CreatePayout, 'actsAs' | 'amount' | 'bankAccount' | 'currency' | 'livemode'>;

const dayMs = 86_400_000;
/** The next 00:00 UTC: those of one day go together. */
export const nextDay = (now: string): string =>
  new Date((Math.floor(Date.parse(now) / dayMs) + 1) * dayMs).toISOString();

export function createPayout(
  view: View,
  command: CreatePayout,
  context: DecideContext,
): DecisionOf<'CreatePayout'> {
  const noCurrency = currencyRefusal(command.currency, context.now);
  if (noCurrency !== undefined) return noCurrency;
  const where = whereTo(view, command);
  if ('refusal' in where) return where;
  const { actsAs: owner = platformOwner, amount, currency } = command;
  const short = shortOf(view, owner, currency, BigInt(amount));
  if (short !== undefined) return short;
  return decided(newPayout(view, { ...command, ...where, sendsAt: nextDay(context.now) }, context));
}

/** Where a payout goes and over which rail, or why there can be none. */
export function whereTo(view: PaymentsView, command: Asked): PayoutDestination | Refused {
  const { actsAs, bankAccount: asked, livemode } = command;
  if (actsAs === undefined) return destinationOf(view, command);
  const party = connectedPartyOf(view, actsAs);
  if (party === undefined)
    return refused(
      connectedAccountNotFound,
      `There is no connected account ${actsAs}.`,
      '/Connected-Account',
    );
  if (party.status === 'closed' && isOurs(view, command)) return destinationOf(view, command);
  const status = capabilityStatus(asItWas(party), 'payouts');
  const why = `${status}${whyInactive[party.status]}`;
  if (status !== 'active')
    return refused(
      capabilityInactive,
      `Capability payouts of connected account ${actsAs} is ${why}.`,
      '/Connected-Account',
    );
  const own = party.bankAccounts;
  const isTest = !livemode && isTestAccount(asked);
  // A sandbox that pays the platform out by bank does so for its accounts.
  if (livemode || (payoutAccounts(view).length > 0 && !isTest)) return byBankTo(view, own, command);
  const standard = own.find(({ isDefault }) => isDefault)?.id ?? testBankAccounts[0];
  const known: readonly string[] = [...own.map(({ id }) => id), ...testBankAccounts];
  const bankAccount = asked ?? standard;
  return known.includes(bankAccount) ? { bankAccount, rail: simulatorRail } : noBankAccount(asked);
}

const whyInactive = {
  active: '',
  closed: ', and the account is closed: name a bank account of the platform',
  suspended: ': the account is suspended',
} as const;

/** What comes to an account after its closing may go where what it had before might. */
function asItWas(party: ConnectedPartyFacts): ConnectedPartyFacts {
  if (party.status !== 'closed') return party;
  return { ...party, status: party.suspendedAt === null ? 'active' : 'suspended' };
}

/** The platform takes over what is left of a closed account: who it was of may have no bank account any more. */
const isOurs = (view: PaymentsView, { bankAccount: asked, livemode }: Asked): boolean =>
  payoutAccounts(view).some(({ id }) => id === asked) || (!livemode && isTestAccount(asked));

const noBankAccount = (asked: string | null): Refused =>
  refused(unknownBankAccount, `There is no bank account ${(asked ?? '').slice(0, 80)}.`, '/bank_account');

/** By bank, to one of its own accounts. One whose number is erased is none. */
function byBankTo(
  view: PaymentsView,
  own: ConnectedPartyFacts['bankAccounts'],
  command: Asked,
): PayoutDestination | Refused {
  const { bankAccount: asked } = command;
  const to = own.find(({ id, isDefault }) => (asked === null ? isDefault : id === asked));
  if (to === undefined || to.iban === null) return noBankAccount(asked);
  const refusal = byBankRefusal(view, command);
  if (refusal !== undefined) return { kind: 'refused', refusal };
  const { accountHolder, iban, id } = to;
  return { bankAccount: id, destination: { accountHolder, iban }, rail: bankTransferRail };
}

interface NewPayout
  extends
    Pick<CreatePayout, 'actsAs' | 'amount' | 'currency' | 'description' | 'livemode' | 'metadata'>,
    PayoutDestination {
  readonly isAutomatic?: true;
  readonly sendsAt: string;
}

/** A payout that nothing refuses. @param index of the event in its decision */
export function newPayout(
  view: SharedView,
  { actsAs, destination, isAutomatic, payee, ...said }: NewPayout,
  context: DecideContext,
  index = 0,
): PaymentEvent {
  const { amount, bankAccount, currency, description, livemode, metadata, rail, sendsAt } = said;
  const id = context.newId('po', index);
  const payout: PayoutFacts = {
    ...{ amount, bankAccount, currency, description, id, livemode, metadata, sendsAt },
    ...(actsAs !== undefined && { connectedAccount: actsAs }),
    ...(destination !== undefined && { destination }),
    ...(isAutomatic === true && { isAutomatic }),
    ...(payee !== undefined && { payee }),
    ...{ call: null, canceledAt: null, failureCode: null, failureMessage: null, railReference: null },
    createdAt: context.now,
    rail,
    status: 'pending',
  };
  const lines = payoutLines('created', payout);
  const facts = booked(view, lines, `Payout ${id}`, context, index);
  return { type: 'PayoutCreated', data: { ...facts, payout } };
}
