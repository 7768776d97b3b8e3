import type { PaymentFacts } from './facts';
import type { PaymentsView } from './records';

/* Payments that are paid by a transfer to a bank account of the environment: what payments read of those accounts. */

/** How long a payment waits for the money, from its confirm. */
export const bankTransferDays = 14;
/** How many characters of a reference are of the payment, and how many it has with RF and its check digits. */
export const ownReferenceLength = 16;
export const transferReferenceLength = ownReferenceLength + 'RF00'.length;

/** A bank account of the environment, as another module records it in the same journal. */
export interface PayeeAccountFacts {
  readonly accountHolder: string;
  readonly bic: string | null;
  /** Null: it takes every currency. */
  readonly currency: string | null;
  readonly iban: string;
  /** `ba_…` */
  readonly id: string;
  /** Payouts go there, and nobody is to pay on it; absent: payers are shown it, and payouts are paid from it. */
  readonly purpose?: 'payout';
}

/** The one record of them, under the one key. */
export const bankAccountsKeys = { bank_accounts: 'bank_accounts:' } as const;
export const bankAccountsKey = `${bankAccountsKeys.bank_accounts}all`;

/** What a sandbox has that was told of none: the IBAN is an example that no bank has given to anybody. */
const testAccount: PayeeAccountFacts = {
  accountHolder: 'Test bank account',
  bic: 'TESTDE00XXX',
  currency: null,
  iban: 'DE89370400440532013000',
  id: 'ba_sandbox',
};

interface OwnAccounts {
  readonly accounts: readonly PayeeAccountFacts[];
  /** Those that were forgotten: what was made of them before still names them. */
  readonly former?: readonly PayeeAccountFacts[];
}
const accountsIn = (view: PaymentsView): OwnAccounts => {
  const record = view.get(bankAccountsKey);
  return record?.kind === 'bank_accounts' ? (record as unknown as OwnAccounts) : { accounts: [] };
};
/** All that the environment ever had, those that it has first. */
export function ownBankAccounts(view: PaymentsView): readonly PayeeAccountFacts[] {
  const { accounts, former = [] } = accountsIn(view);
  return [...accounts, ...former];
}
/** Those that were said; none before that. */
export const ownAccounts = (view: PaymentsView): readonly PayeeAccountFacts[] => accountsIn(view).accounts;
/** Where payouts may go that name no other account, in the order in which they were said. */
export const payoutAccounts = (view: PaymentsView): readonly PayeeAccountFacts[] =>
  accountsIn(view).accounts.filter(({ purpose }) => purpose === 'payout');

/** The bank accounts that an environment takes money on. */
export function payeeAccounts(view: PaymentsView, livemode: boolean): readonly PayeeAccountFacts[] {
  const said = accountsIn(view).accounts.filter(({ purpose }) => purpose !== 'payout');
  return said.length > 0 || livemode ? said : [testAccount];
}

/** All of an environment, with the test account where it is used. */
export function shownAccounts(view: PaymentsView, livemode: boolean): readonly PayeeAccountFacts[] {
  const said = ownAccounts(view);
  const payees = payeeAccounts(view, livemode);
  return payees.every((each) => said.includes(each)) ? said : [...payees, ...said];
}

/** The first one of the currency, else the first one that takes all. */
export function payeeAccount(
  view: PaymentsView,
  currency: string,
  livemode: boolean,
): PayeeAccountFacts | undefined {
  const accounts = payeeAccounts(view, livemode);
  return (
    accounts.find((each) => each.currency === currency) ?? accounts.find((each) => each.currency === null)
  );
}

/** A payment that waits until its money is on a bank account. */
export const isAwaitingTransfer = ({ nextAction, status }: PaymentFacts): boolean =>
  status === 'requires_action' && nextAction?.type === 'display_bank_transfer_instructions';
