import type {
  AccountType,
  BusinessProfile,
  CapabilityName,
  CompanyFacts,
  IndividualFacts,
  PayoutSchedule,
  Reserve,
} from './facts';

/* What is asked of connected accounts. Personal fields are sealed already: no writer ever sees what they say. */

export interface CreateConnectedAccount {
  readonly type: 'CreateConnectedAccount';
  readonly accountId: string;
  readonly accountType: AccountType;
  readonly businessProfile: BusinessProfile | null;
  readonly capabilities: readonly CapabilityName[];
  readonly country: string;
  readonly defaultCurrency: string;
  readonly email: string | null;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly payoutSchedule: PayoutSchedule;
  readonly reserve: Reserve | null;
  readonly subject: string;
}
interface OfAccount {
  readonly accountId: string;
}
/** What is absent stays; null unsets. */
export interface UpdateConnectedAccount extends OfAccount {
  readonly type: 'UpdateConnectedAccount';
  readonly businessProfile?: BusinessProfile | null;
  readonly email?: string | null;
  /** Null: all of it goes; null for a key: that one. */
  readonly metadata?: Readonly<Record<string, string | null>> | null;
  readonly payoutSchedule?: PayoutSchedule;
  readonly reserve?: Reserve | null;
}
/** Sealed. */
export interface NewBankAccount {
  readonly accountHolder: string | null;
  readonly iban: string | null;
}
/** What is given of what is asked for; what is absent stays. */
export interface ProvideRequirements extends OfAccount {
  readonly type: 'ProvideRequirements';
  readonly bankAccount?: NewBankAccount;
  readonly company?: Partial<CompanyFacts>;
  readonly individual?: Partial<IndividualFacts>;
  readonly isTosAccepted?: boolean;
}
export interface AddBankAccount extends OfAccount, NewBankAccount {
  readonly type: 'AddBankAccount';
}
export interface MakeBankAccountDefault extends OfAccount {
  readonly type: 'MakeBankAccountDefault';
  readonly bankAccountId: string;
}
/** Who runs the platform has verified all that the account has given. */
export interface VerifyConnectedAccount extends OfAccount {
  readonly type: 'VerifyConnectedAccount';
}
export interface SuspendConnectedAccount extends OfAccount {
  readonly type: 'SuspendConnectedAccount';
}
export interface ReinstateConnectedAccount extends OfAccount {
  readonly type: 'ReinstateConnectedAccount';
}
export interface CloseConnectedAccount extends OfAccount {
  readonly type: 'CloseConnectedAccount';
}
/** What is personal of an account that is closed is forgotten. */
export interface EraseConnectedAccount extends OfAccount {
  readonly type: 'EraseConnectedAccount';
}
export type ConnectCommand =
  | CreateConnectedAccount
  | UpdateConnectedAccount
  | ProvideRequirements
  | AddBankAccount
  | MakeBankAccountDefault
  | VerifyConnectedAccount
  | SuspendConnectedAccount
  | ReinstateConnectedAccount
  | CloseConnectedAccount
  | EraseConnectedAccount;
