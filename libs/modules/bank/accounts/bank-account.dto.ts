import {
  Described,
  Is,
  ListOf,
  nameRule,
  Nullable,
  oneOfRule,
  Optional,
  textRule,
} from '@fintech-ledger/http';
import { accountPurposes, bankAccountsMax } from '@fintech-ledger/bank/domain';
import { currencyRule } from '@fintech-ledger/payments/nest';

/** Its check digits are judged when its shape is known. */
const ownIbanRule = textRule(
  'own_iban',
  'invalid_value',
  'an IBAN: two letters, two digits, 11 to 30 letters and digits, with spaces or without',
  /^[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}$/,
);
const bicRule = textRule(
  'bic',
  'invalid_value',
  'a BIC, ISO 9362: 8 or 11 letters and digits',
  /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/,
);
const purposeRule = oneOfRule('bank_account_purpose', accountPurposes);

@Described('A bank account on which transfers come in, or to which payouts go.')
export class OwnBankAccountDto {
  @Is(ownIbanRule, 'ISO 13616, with spaces or without.')
  declare readonly iban: string;

  @Is(nameRule, 'Whose account it is, as payers are shown it.')
  declare readonly account_holder: string;

  @Is(bicRule, 'Of its bank, ISO 9362.')
  @Nullable()
  declare readonly bic?: string | null;

  @Is(currencyRule, 'The currency that it takes, ISO 4217; every one when it is left out.')
  @Nullable()
  declare readonly currency?: string | null;

  @Is(
    purposeRule,
    '`collection`: payers are shown it, its statements are taken, payouts are paid from it. `payout`: they go there.',
  )
  @Optional()
  declare readonly purpose?: 'collection' | 'payout';
}

@Described('All bank accounts of the environment.')
export class PutBankAccountsDto {
  @ListOf(
    () => OwnBankAccountDto,
    { min: 0, max: bankAccountsMax },
    'All of them; the first one of a currency is shown to payers.',
  )
  declare readonly bank_accounts: readonly OwnBankAccountDto[];
}
