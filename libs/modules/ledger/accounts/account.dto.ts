// What is asked of accounts, and the commands that this is.
import type { AccountType, AmendAccount, OfLedger, OpenAccount } from '@fintech-ledger/ledger/domain';
import {
  AsksFor,
  Is,
  NeedsScope,
  Nullable,
  Optional,
  metadataChangesRule,
  metadataRule,
} from '@fintech-ledger/http';
import type { BodyOf } from '@fintech-ledger/http';
import { accountTypeRule, addressRule, boundRule, currencyRule } from '../rules';

// The type of an account is `type` in the API, which is the type of the command here.
@AsksFor<BodyOf<OpenAccount, 'accountType' | keyof OfLedger> & { readonly type: OpenAccount['accountType'] }>(
  'A new account.',
)
export class OpenAccountDto {
  @Is(addressRule, 'The address of the new account.')
  declare readonly address: string;

  @Is(accountTypeRule, 'Its type, which says whether debits or credits are its normal side.')
  declare readonly type: AccountType;

  @Is(currencyRule, 'Its currency, for ever.')
  declare readonly currency: string;

  @Is(boundRule, 'What its available balance may not fall below, in minor units; null: no bound.')
  @Nullable()
  declare readonly min_balance?: string | null;

  @Is(boundRule, 'What its posted balance may not rise above, in minor units; null: no bound.')
  @Nullable()
  declare readonly max_balance?: string | null;

  @Is(metadataRule, 'Your own keys and values.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

@AsksFor<BodyOf<AmendAccount, 'address' | 'mayChangeTerms' | keyof OfLedger>>(
  'What is to change of an account; what is absent stays as it is.',
)
export class AmendAccountDto {
  @Is(boundRule, 'What its available balance may not fall below, in minor units; null: no bound.')
  @Nullable()
  @NeedsScope('ledger:admin')
  declare readonly min_balance?: string | null;

  @Is(boundRule, 'What its posted balance may not rise above, in minor units; null: no bound.')
  @Nullable()
  @NeedsScope('ledger:admin')
  declare readonly max_balance?: string | null;

  @Is(metadataChangesRule, 'Merged by key: null removes one; null for all of it removes all.')
  @Nullable()
  declare readonly metadata?: Readonly<Record<string, string | null>> | null;
}

export function openAccount(body: OpenAccountDto): OpenAccount {
  return {
    type: 'OpenAccount',
    address: body.address,
    accountType: body.type,
    currency: body.currency,
    ...(body.min_balance === undefined ? {} : { minBalance: body.min_balance }),
    ...(body.max_balance === undefined ? {} : { maxBalance: body.max_balance }),
    ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
  };
}

export function amendAccount(address: string, body: AmendAccountDto): AmendAccount {
  return {
    type: 'AmendAccount',
    address,
    ...(body.min_balance === undefined ? {} : { minBalance: body.min_balance }),
    ...(body.max_balance === undefined ? {} : { maxBalance: body.max_balance }),
    ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
  };
}
