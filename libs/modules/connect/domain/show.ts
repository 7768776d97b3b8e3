import { capabilityNames } from './facts';
import { showSchedule } from '@fintech-ledger/payments/domain';
import type { BankAccountFacts, ConnectedAccountFacts, Reserve } from './facts';
import { capabilityStatus, currentlyDue, disabledReason } from './requirements';
import type { BankAccountView, ConnectedAccountView, PostalAddressView } from './views';

/** The sealed text of an object, which is what it is once it is opened. */
const asAddress = (sealed: string | null): PostalAddressView | null =>
  sealed as unknown as PostalAddressView | null;

/**
 * A connected account in the API's shape, with the personal fields as they are sealed: whoever shows it to a client
 * opens them. What is rendered for a recorded event never changes.
 */
export function showConnectedAccount(account: ConnectedAccountFacts): ConnectedAccountView {
  const { businessProfile, company, individual, payoutSchedule, reserve } = account;
  const [payments, payouts] = capabilityNames.map((name) => ({
    requested: account.capabilities.includes(name),
    status: capabilityStatus(account, name),
  })) as [ConnectedAccountView['capabilities']['payments'], ConnectedAccountView['capabilities']['payouts']];
  return {
    id: account.id,
    object: 'connected_account',
    type: account.type,
    status: account.status,
    country: account.country,
    default_currency: account.defaultCurrency,
    email: account.email,
    business_profile: businessProfile && {
      name: businessProfile.name,
      product_description: businessProfile.productDescription,
      url: businessProfile.url,
    },
    capabilities: { payments, payouts },
    requirements: {
      // Nobody has to give again what was forgotten.
      currently_due: account.erasedAt === undefined ? currentlyDue(account) : [],
      disabled_reason: disabledReason(account),
    },
    individual:
      account.type === 'individual'
        ? {
            first_name: individual.firstName,
            last_name: individual.lastName,
            birth_date: individual.birthDate,
            address: asAddress(individual.address),
          }
        : null,
    company:
      account.type === 'company'
        ? {
            name: company.name,
            registration_number: company.registrationNumber,
            address: asAddress(company.address),
          }
        : null,
    bank_accounts: account.bankAccounts.map((each) => showBankAccount(each, account.id)),
    tos_accepted_at: account.tosAcceptedAt,
    ...(account.verifiedAt !== undefined && { verified_at: account.verifiedAt }),
    payout_schedule: showSchedule(payoutSchedule),
    reserve: reserve && showReserve(reserve),
    created_at: account.createdAt,
    suspended_at: account.suspendedAt,
    closed_at: account.closedAt,
    ...(account.erasedAt !== undefined && { erased_at: account.erasedAt }),
    livemode: account.livemode,
    metadata: account.metadata,
  };
}

const showReserve = ({ days, rollingBps }: Reserve): NonNullable<ConnectedAccountView['reserve']> => ({
  rolling_bps: rollingBps,
  days,
});

export function showBankAccount(bankAccount: BankAccountFacts, accountId: string): BankAccountView {
  return {
    id: bankAccount.id,
    object: 'bank_account',
    connected_account: accountId,
    iban: bankAccount.iban,
    account_holder: bankAccount.accountHolder,
    default: bankAccount.isDefault,
    created_at: bankAccount.createdAt,
  };
}
