import { Described, flagRule, Is, Nullable, Optional, textRule, wholeRule } from '@fintech-ledger/http';
import type { PartyFacts } from '@fintech-ledger/payments/domain';
import { amountRule } from '../payments/payment-rules';

const partyIdRule = textRule(
  'split_party',
  'invalid_value',
  "1 to 64 characters of A-Z, a-z, 0-9, '_', '.', '-'",
  /^[A-Za-z0-9_.-]{1,64}$/,
);
const splitAccountRule = textRule(
  'split_account',
  'invalid_value',
  "'platform', or the id of a connected account, such as 'acct_1'",
  /^(?:platform|acct_[A-Za-z0-9_-]{1,64})$/,
  { pattern: '^(?:platform|acct_[A-Za-z0-9]{1,64})$' },
);
/** One that is no share is judged with its party, which the refusal names. */
const shareRule = wholeRule('share_bps', -2_147_483_648, 2_147_483_647);

@Described('Who gets a part: one of `share_bps`, `fixed_amount` and `remainder` says how much.')
export class SplitPartyDto {
  @Is(partyIdRule, 'What the party is called in this rule.')
  declare readonly id: string;

  @Is(partyIdRule, 'What it is to the platform, such as `merchant`.')
  declare readonly role: string;

  @Is(splitAccountRule, '`platform`, or the id of a connected account.')
  declare readonly account: string;

  @Is(shareRule, 'Its share of the whole: 0 to 10,000 hundredths of a percent.')
  @Nullable()
  declare readonly share_bps?: number | null;

  @Is(flagRule, 'Whether it gets all that is left.')
  @Optional()
  declare readonly remainder?: boolean;

  @Is(amountRule, 'In minor units: what it gets in any case.')
  @Nullable()
  declare readonly fixed_amount?: string | null;

  @Is(amountRule, 'In minor units: what it gets at least.')
  @Nullable()
  declare readonly min_amount?: string | null;

  @Is(amountRule, 'In minor units: what it gets at most.')
  @Nullable()
  declare readonly max_amount?: string | null;
}

export function splitPartyOf(said: SplitPartyDto): PartyFacts {
  return {
    account: said.account,
    fixedAmount: said.fixed_amount ?? null,
    id: said.id,
    maxAmount: said.max_amount ?? null,
    minAmount: said.min_amount ?? null,
    remainder: said.remainder ?? false,
    role: said.role,
    shareBps: said.share_bps ?? null,
  };
}
