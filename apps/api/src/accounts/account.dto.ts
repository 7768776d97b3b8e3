import type { AccountType } from '@fintech-ledger/ledger';
import { Is, Nullable, Optional } from '../validation/decorators';
import {
  accountTypeRule,
  addressRule,
  boundRule,
  currencyRule,
  metadataChangesRule,
  metadataRule,
} from '../validation/rules';

export class OpenAccountDto {
  @Is(addressRule)
  declare readonly address: string;

  @Is(accountTypeRule)
  declare readonly type: AccountType;

  @Is(currencyRule)
  declare readonly currency: string;

  @Is(boundRule)
  @Nullable()
  declare readonly min_balance?: string | null;

  @Is(boundRule)
  @Nullable()
  declare readonly max_balance?: string | null;

  @Is(metadataRule)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

export class AmendAccountDto {
  @Is(boundRule)
  @Nullable()
  declare readonly min_balance?: string | null;

  @Is(boundRule)
  @Nullable()
  declare readonly max_balance?: string | null;

  @Is(metadataChangesRule)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string | null>>;
}
