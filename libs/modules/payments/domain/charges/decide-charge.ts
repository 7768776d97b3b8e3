import { refused } from '@fintech-ledger/contract';
import type { CodeOf, Refusal } from '@fintech-ledger/contract';
import { capabilityStatus, connectedPartyOf } from '../connected-accounts';
import type { ConnectedPartyFacts } from '../connected-accounts';
import type { PaymentFacts } from '../facts';
import { connectedAccountNotFound } from '../object-refusals';
import type { PaymentsView } from '../records';
import { accountSuspended, unknownDestination } from '../transfers/transfer-refusals';
import {
  applicationFeeExceedsAmount,
  capabilityInactive,
  recipientInvalid,
  transferExceedsAmount,
  unknownConnectedAccount,
} from './charge-refusals';
import type { amountRefusals, partyRefusals } from './charge-refusals';

type Refused<Code extends string> = { readonly kind: 'refused'; readonly refusal: Refusal<Code> };
type OfParty = Refused<CodeOf<typeof partyRefusals>>;
type Charge = Pick<PaymentFacts, 'applicationFeeAmount' | 'connectedAccount' | 'transferData'>;

/**
 * Why a payment can't be one of its connected account now; undefined: it can, or has none.
 * @param actsAs whom the request acts as: what is not there is not found, and else unknown
 */
export function partyRefusal(
  view: PaymentsView,
  { connectedAccount: id, transferData }: Charge,
  actsAs?: string,
): OfParty | undefined {
  if (transferData !== undefined) return destinationRefusal(view, transferData.destination, 'transfer_data');
  if (id === undefined) return undefined;
  const party = connectedPartyOf(view, id);
  const named = actsAs === undefined ? '/connected_account' : '/Connected-Account';
  const isThere = party !== undefined && party.status !== 'closed';
  if (!isThere && actsAs !== undefined)
    return refused(connectedAccountNotFound, `There is no connected account ${id}.`, named);
  if (!isThere) return refused(unknownConnectedAccount, why(id, 'takes payments'), named);
  const status = capabilityStatus(party, 'payments');
  if (status === 'active') return undefined;
  const inactive = `Capability payments of connected account ${id} is ${status}.`;
  return refused(capabilityInactive, inactive, named);
}

/** Why an account can't get what is transferred. @param field of the body that names it */
export function destinationRefusal(
  view: PaymentsView,
  id: string,
  field?: 'transfer_data',
): Refused<'account_suspended' | 'unknown_destination'> | undefined {
  const at = field === undefined ? '/destination' : `/${field}/destination`;
  const party: ConnectedPartyFacts | undefined = connectedPartyOf(view, id);
  if (party === undefined || party.status === 'closed')
    return refused(unknownDestination, why(id, 'takes money'), at);
  if (party.status === 'active') return undefined;
  return refused(accountSuspended, `Connected account ${id} is suspended: nothing is transferred to it.`, at);
}

const why = (id: string, what: string): string => `${id.slice(0, 80)} is no connected account that ${what}.`;

/** Why that is not enough for what others get of it. @param at the field that says how much, where that is new */
export function shareRefusal(
  { applicationFeeAmount: fee, transferData }: Charge,
  amount: string,
  at?: string,
): Refused<CodeOf<typeof amountRefusals>> | undefined {
  if (fee !== undefined && BigInt(fee) > BigInt(amount))
    return refused(
      applicationFeeExceedsAmount,
      `The fee of ${fee} is more than ${amount}.`,
      at ?? '/application_fee_amount',
    );
  const transferred = transferData?.amount ?? null;
  if (transferred === null || BigInt(transferred) <= BigInt(amount)) return undefined;
  const more = `${transferred} is to be transferred, which is more than ${amount}.`;
  return refused(transferExceedsAmount, more, at ?? '/transfer_data/amount');
}

/** Why a part can't be captured, or not with its fee. @param namesFee whether the capture does, else the payment did */
export function captureRefusal(
  charge: Charge,
  amount: string,
  namesFee: boolean,
): Refused<'recipient_invalid' | CodeOf<typeof amountRefusals>> | undefined {
  if (!namesFee) return shareRefusal(charge, amount, '/amount_to_capture');
  return feeRefusal(charge) ?? shareRefusal(charge, amount);
}

/** Why a capture can't name a fee: it is taken of a connected account, and of what is transferred whole. */
function feeRefusal({ connectedAccount, transferData }: Charge): Refused<'recipient_invalid'> | undefined {
  const isTaken = connectedAccount !== undefined || transferData?.amount === null;
  if (isTaken) return undefined;
  const nobody = 'The fee is taken of a connected account, of which the payment gives none the whole.';
  return refused(recipientInvalid, nobody, '/application_fee_amount');
}
