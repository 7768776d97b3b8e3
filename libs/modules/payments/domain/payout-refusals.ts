import { refusal } from '@fintech-ledger/contract';

export const payoutNotFound = refusal(
  'payout_not_found',
  'not_found',
  'There is no such payout, or it is of another environment.',
);
export const payoutUnexpectedState = refusal(
  'payout_unexpected_state',
  'conflict',
  'The status of the payout does not allow it; `payout` is the payout as it is.',
);
export const payoutBatchNotFound = refusal(
  'payout_batch_not_found',
  'not_found',
  'There is no such payout batch, or it is of another environment.',
);
export const payoutFileErased = refusal(
  'payout_file_erased',
  'not_found',
  'Personal data of somebody to whom the batch pays is erased, so its file can not be made again.',
);
export const payoutTooLarge = refusal(
  'payout_too_large',
  'rule',
  'A payout by bank is of more than 18 digits, which no bank takes.',
);
export const unknownBankAccount = refusal(
  'unknown_bank_account',
  'rule',
  'There is no such bank account in this environment.',
);
