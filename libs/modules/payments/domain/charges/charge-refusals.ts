import { refusal } from '@fintech-ledger/contract';
import { connectedAccountNotFound } from '../object-refusals';
import { accountSuspended, unknownDestination } from '../transfers/transfer-refusals';

export const unknownConnectedAccount = refusal(
  'unknown_connected_account',
  'rule',
  'There is no such connected account in this environment, or it is closed.',
);
export const capabilityInactive = refusal(
  'capability_inactive',
  'rule',
  'The connected account has not the capability that this needs: it did not ask for it, has something due still, or ' +
    'is suspended.',
);
export const applicationFeeExceedsAmount = refusal(
  'application_fee_exceeds_amount',
  'rule',
  'The application fee is more than the payment, or than what is captured of it.',
);
export const transferExceedsAmount = refusal(
  'transfer_exceeds_amount',
  'rule',
  'More is to be transferred than the payment is, or than what is captured of it.',
);
export const recipientInvalid = refusal(
  'recipient_invalid',
  'malformed',
  'A payment has one recipient: `connected_account`, `transfer_data`, `split_rule` or `splits`, or the platform. ' +
    'An application fee is taken ' +
    'of a connected account, and beside it `transfer_data` has no amount.',
);
export const refundOptionInvalid = refusal(
  'refund_option_invalid',
  'malformed',
  '`reverse_transfer` is for payments with `transfer_data`, `refund_application_fee` for those with such a fee.',
);

/** Why an amount is not enough for what others get of it. */
export const amountRefusals = [applicationFeeExceedsAmount, transferExceedsAmount] as const;
/** Why a payment can't be one of a connected account. */
export const partyRefusals = [
  connectedAccountNotFound,
  unknownConnectedAccount,
  unknownDestination,
  capabilityInactive,
  accountSuspended,
] as const;

/** Every refusal that is declared here. */
export const chargeRefusals = [
  unknownConnectedAccount,
  capabilityInactive,
  ...amountRefusals,
  recipientInvalid,
  refundOptionInvalid,
];
