import { chargeReads } from '../account-reads';
import { platformOwner } from '../chart';
import { connectedAccountKey } from '../connected-accounts';
import type { PaymentFacts } from '../facts';
import {
  accountSettlementKey,
  accountSettlementOf,
  ownerKey,
  settlementKey,
  settlementOf,
  splitKey,
  transferKey,
} from '../records';
import type { PaymentsView } from '../records';

/*
 * Payments with connected accounts. A direct one is the account's own, less an application fee. A destination one is
 * the platform's, and transfers to the account what was captured when it is, less an application fee.
 */

type Parties = Pick<PaymentFacts, 'connectedAccount' | 'transferData'>;

/** Whose payment it is: who bears the rail's fee, refunds and disputes. */
export const ownerOf = ({ connectedAccount }: Parties): string => connectedAccount ?? platformOwner;
/** The connected account that is paid by it, or gets of it at once; undefined: none. */
export const partyOf = ({ connectedAccount, transferData }: Parties): string | undefined =>
  connectedAccount ?? transferData?.destination;
/** The transfer that a capture made. */
export const transferIdOf = ({ transferData, transfers = [] }: PaymentFacts): string | undefined =>
  transferData === undefined ? undefined : transfers[0];

/** What of the application fee has not gone back. */
export const feeLeft = ({ applicationFeeAmount = '0', applicationFeeRefunded = '0' }: PaymentFacts): bigint =>
  BigInt(applicationFeeAmount) - BigInt(applicationFeeRefunded);

/** Whether what was captured is pending still, for both: what one of them has available by now moves as that. */
export function isUnsettled(view: PaymentsView, account: string, payment: PaymentFacts): boolean {
  const { attempt, availableOn, currency } = payment;
  if (attempt === null || availableOn === null) return false;
  const key = accountSettlementKey(account, attempt.rail, currency, availableOn);
  const ofPlatform = settlementOf(view, settlementKey(attempt.rail, currency, availableOn));
  return accountSettlementOf(view, key)?.isOpen === true && ofPlatform?.isSettled !== true;
}

/** Every connected account that has a part in it, each once. */
export function partiesOf(payment: Parties & Pick<PaymentFacts, 'splitAccounts'>): readonly string[] {
  const account = partyOf(payment);
  return account === undefined ? (payment.splitAccounts ?? []) : [account];
}

/** Keys of records that any event of such a payment may change, besides those of one without an account. */
export function touchesParty(payment: PaymentFacts): readonly string[] {
  const accounts = partiesOf(payment);
  const { attempt, availableOn, currency, split } = payment;
  if (accounts.length === 0 && split === undefined) return [];
  const transfer = transferIdOf(payment);
  return [
    ...(split === undefined ? [] : [splitKey(split)]),
    ...accounts.map(ownerKey),
    ...(transfer === undefined ? [] : [transferKey(transfer)]),
    ...(attempt === null || availableOn === null
      ? []
      : [
          ...accounts.map((account) => accountSettlementKey(account, attempt.rail, currency, availableOn)),
          settlementKey(attempt.rail, currency, availableOn),
        ]),
  ];
}

/** Keys of records that deciding about it reads in addition. @param on when it becomes available, if that is new */
export function partyReads(payment: PaymentFacts | undefined, on: string | null = null): readonly string[] {
  if (payment === undefined) return [];
  const accounts = partiesOf(payment);
  const touched = touchesParty(on === null ? payment : { ...payment, availableOn: on });
  if (accounts.length === 0) return touched;
  return [
    ...accounts.map(connectedAccountKey),
    ...touched,
    ...accounts.flatMap((account) => chargeReads(account, payment.currency)),
  ];
}

/** The same of a payment that is to be made. */
export function newPartyReads(payment: Parties): readonly string[] {
  const account = partyOf(payment);
  return account === undefined ? [] : [connectedAccountKey(account), ownerKey(account)];
}
