import { Described, flagRule, Is, Nullable, Optional, textRule } from '@fintech-ledger/http';

const ledgerRule = textRule(
  'ledger_of_rebuild',
  'invalid_value',
  "the id of a ledger, such as 'led_1'",
  /^led_[A-Za-z0-9_-]{1,64}$/,
);

@Described('What is made again of the events.')
export class StartRebuildDto {
  @Is(ledgerRule, 'Only the rows of this ledger are made again; absent: all.')
  @Optional()
  @Nullable()
  declare readonly ledger?: string | null;

  @Is(flagRule, 'Swap it once it is verified, if its rows are those of the live tables. Default false.')
  @Optional()
  declare readonly auto_swap?: boolean;
}
