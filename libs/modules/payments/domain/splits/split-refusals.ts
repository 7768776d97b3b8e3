import { refusal } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { metadataLimit } from '@fintech-ledger/ledger/domain';
import { disputeNotFound, disputeUnexpectedState } from '../disputes/dispute-refusals';
import { accountSuspended } from '../transfers/transfer-refusals';
import { insufficientAvailable, paymentNotFound, paymentUnexpectedState } from '../object-refusals';
import type { SplitCommand } from './split-commands';

export const splitNotFound = refusal(
  'split_not_found',
  'not_found',
  'There is no such split, or it is of another environment.',
);
export const splitRuleNotFound = refusal(
  'split_rule_not_found',
  'not_found',
  'There is no such split rule, or it has no such version, or it is of another environment.',
);
export const splitInvalid = refusal(
  'split_invalid',
  'rule',
  'The parties contradict each other, or get more than there is; `param` says which one it is.',
);
export const splitIncomplete = refusal(
  'split_incomplete',
  'rule',
  'Without a party that gets the remainder the shares have to be the whole (10,000), without fixed amounts and bounds.',
);
export const unknownSplitAccount = refusal(
  'unknown_split_account',
  'rule',
  'A party names no connected account of this environment, or one that is closed.',
);
export const splitCurrencyMismatch = refusal(
  'split_currency_mismatch',
  'rule',
  'The split rule splits another currency than that of the payment.',
);
export const paymentRefunded = refusal(
  'payment_refunded',
  'conflict',
  'The payment was refunded, whole or in part; `payment` is the payment as it is.',
);

export const splitPartiesInvalid = refusal(
  'split_parties_invalid',
  'malformed',
  'A payment is split by a rule, or among parties: `split_rule` or `parties`, and not both.',
);

export const reversalExceedsDispute = refusal(
  'reversal_exceeds_dispute',
  'rule',
  'More is to be taken back of the parties of a split than is left of what the dispute took.',
);

/** Why a payment can't be split like that. */
export const splitPlanRefusals = [
  splitRuleNotFound,
  splitCurrencyMismatch,
  splitInvalid,
  splitIncomplete,
  unknownSplitAccount,
  accountSuspended,
] as const;

/** What each command may be refused with, in the order of precedence. */
export const splitCommandRefusals = {
  CreateSplit: [paymentNotFound, paymentUnexpectedState, paymentRefunded, ...splitPlanRefusals],
  UpdateSplit: [splitNotFound, metadataLimit],
  ReverseSplit: [
    splitNotFound,
    disputeNotFound,
    disputeUnexpectedState,
    reversalExceedsDispute,
    insufficientAvailable,
  ],
} as const satisfies Record<SplitCommand['type'], readonly DeclaredRefusal[]>;

/** Every refusal of splits that is declared here. */
export const splitRefusals = [
  splitNotFound,
  splitCurrencyMismatch,
  paymentRefunded,
  splitPartiesInvalid,
  reversalExceedsDispute,
];
/** The same that split rules have too, which their module declares. */
export const splitPartyRefusals = [splitRuleNotFound, splitInvalid, splitIncomplete, unknownSplitAccount];
