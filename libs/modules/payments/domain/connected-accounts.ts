import type { PaymentsView } from './records';

/* Connected accounts, as another module records them in the same journal: what payments read of them. */

/** Sealed with the key of the account's data subject; null: whoever it was is erased. */
interface PartyBankAccount {
  readonly accountHolder: string | null;
  readonly iban: string | null;
  readonly id: string;
  readonly isDefault: boolean;
}
/** What a payment reads of a connected account. */
export interface ConnectedPartyFacts {
  readonly bankAccounts: readonly PartyBankAccount[];
  /** Those that were asked for. */
  readonly capabilities: readonly CapabilityName[];
  readonly company: { readonly [K in 'address' | 'name' | 'registrationNumber']: string | null };
  readonly defaultCurrency: string;
  readonly id: string;
  readonly individual: {
    readonly [K in 'address' | 'birthDate' | 'firstName' | 'lastName']: string | null;
  };
  readonly livemode: boolean;
  readonly reserve: { readonly days: number; readonly rollingBps: number } | null;
  readonly status: 'active' | 'suspended' | 'closed';
  /** Of one that is closed: it was suspended before. */
  readonly suspendedAt: string | null;
  readonly tosAcceptedAt: string | null;
  readonly type: 'individual' | 'company';
  /** Of a live environment; absent: what it has given is not verified. */
  readonly verifiedAt?: string;
}
export const capabilityNames = ['payments', 'payouts'] as const;
export type CapabilityName = (typeof capabilityNames)[number];

/** What keys of their records begin with. */
export const connectedAccountKeys = { connected_account: 'connected_account:' } as const;
export const connectedAccountKey = (id: string): string => `${connectedAccountKeys.connected_account}${id}`;

/** A connected account, closed or not. */
export function connectedPartyOf(view: PaymentsView, id: string): ConnectedPartyFacts | undefined {
  const record = view.get(connectedAccountKey(id));
  if (record?.kind !== 'connected_account') return undefined;
  return (record as unknown as { account: ConnectedPartyFacts }).account;
}

export const capabilityStatuses = ['inactive', 'pending', 'active'] as const;
export type CapabilityStatus = (typeof capabilityStatuses)[number];
export const disabledReasons = ['requirements_due', 'pending_verification', 'suspended', 'closed'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** What an account still has to give before it may be paid, or paid out. */
export function currentlyDue(account: ConnectedPartyFacts): readonly string[] {
  const { bankAccounts, company, individual, tosAcceptedAt, type } = account;
  const said: readonly (readonly [string, unknown])[] =
    type === 'individual'
      ? [
          ['individual.first_name', individual.firstName],
          ['individual.last_name', individual.lastName],
          ['individual.birth_date', individual.birthDate],
          ['individual.address', individual.address],
        ]
      : [
          ['company.name', company.name],
          ['company.registration_number', company.registrationNumber],
          ['company.address', company.address],
        ];
  const all = [
    ...said,
    ['bank_account', bankAccounts[0] ?? null],
    ['tos_acceptance', tosAcceptedAt],
  ] as const;
  return all.filter(([, value]) => value === null).map(([name]) => name);
}

/** Why nothing is to be done with the account; null: it may be used. In sandboxes what is given is verified at once. */
export function disabledReason(account: ConnectedPartyFacts): DisabledReason | null {
  if (account.status !== 'active') return account.status;
  if (currentlyDue(account).length > 0) return 'requirements_due';
  return account.livemode && account.verifiedAt === undefined ? 'pending_verification' : null;
}

export function capabilityStatus(account: ConnectedPartyFacts, name: CapabilityName): CapabilityStatus {
  if (!account.capabilities.includes(name)) return 'inactive';
  const reason = disabledReason(account);
  if (reason === null) return 'active';
  return reason === 'pending_verification' ? 'pending' : 'inactive';
}
