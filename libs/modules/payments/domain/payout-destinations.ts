import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { payeeAccount, payoutAccounts } from './bank-transfers';
import { bankTransferRail } from './chart';
import type { CreatePayout } from './commands';
import type { PayoutDestinationFacts, PayoutPayeeFacts } from './payout-facts';
import type { PaymentsView } from './records';
import { payoutTooLarge, railUnavailable, unknownBankAccount } from './refusals';
import { simulatorRail } from './test-methods';

/** The bank accounts of a sandbox that payouts of the simulator go to: the first one where they name none. */
export const testBankAccounts = ['ba_sim', 'ba_sim_fail', 'ba_sim_returned'] as const;
export const isTestAccount = (asked: string | null): boolean =>
  testBankAccounts.some((each) => each === asked);
/** Digits of an amount in an ISO 20022 message. */
const digitsMax = 18;
/** What a transfer by bank is of at most, in minor units. */
export const byBankMax = 10n ** BigInt(digitsMax) - 1n;

type DestinationCode = 'payout_too_large' | 'rail_unavailable' | 'unknown_bank_account';
interface Refused {
  readonly kind: 'refused';
  readonly refusal: Refusal<DestinationCode>;
}
type Asked = Pick<CreatePayout, 'amount' | 'bankAccount' | 'currency' | 'livemode'>;
export interface PayoutDestination {
  readonly bankAccount: string;
  /** Of a connected account, by bank. */
  readonly destination?: PayoutDestinationFacts;
  /** Of the environment, by bank. */
  readonly payee?: PayoutPayeeFacts;
  readonly rail: string;
}

/** Where a payout goes, and over which rail: to a payout account of the environment by bank, in a sandbox also to a
 * test account over the simulator. */
export function destinationOf(view: PaymentsView, command: Asked): PayoutDestination | Refused {
  const { bankAccount: asked, currency, livemode } = command;
  const all = payoutAccounts(view);
  const taking = all.filter((each) => each.currency === null || each.currency === currency);
  const known =
    asked === null
      ? (taking.find((each) => each.currency === currency) ?? taking[0])
      : taking.find(({ id }) => id === asked);
  if (known !== undefined) {
    const refusal = byBankRefusal(view, command);
    if (refusal !== undefined) return refused(refusal);
    const { accountHolder, bic, iban, id } = known;
    return { bankAccount: id, payee: { accountHolder, bic, iban }, rail: bankTransferRail };
  }
  const test = asked ?? testBankAccounts[0];
  if (!livemode && isTestAccount(test)) return { bankAccount: test, rail: simulatorRail };
  if (livemode && all.length === 0) {
    const why = 'There is no bank account with the purpose payout: PUT /v1/bank_accounts says them.';
    return refused(refuse(railUnavailable, why, '/rail'));
  }
  const why = `There is no bank account ${(asked ?? '').slice(0, 80)} that payouts in ${currency} go to.`;
  return refused(refuse(unknownBankAccount, why, '/bank_account'));
}

const refused = (refusal: Refusal<DestinationCode>): Refused => ({ kind: 'refused', refusal });

/** Why nothing can be paid out by bank. */
export function byBankRefusal(
  view: PaymentsView,
  { amount, currency, livemode }: Asked,
): Refusal<'payout_too_large' | 'rail_unavailable'> | undefined {
  if (payeeAccount(view, currency, livemode) === undefined) {
    const why = `There is no bank account that payouts in ${currency} are paid from: PUT /v1/bank_accounts says them.`;
    return refuse(railUnavailable, why, '/currency');
  }
  if (amount.length <= digitsMax) return undefined;
  return refuse(payoutTooLarge, `A transfer has at most ${digitsMax} digits.`, '/amount');
}
