import {
  asOfRule,
  Described,
  descriptionRule,
  Is,
  DescriptionChangesDto,
  metadataFilterRule,
  metadataRule,
  Nested,
  Nullable,
  oneOfRule,
  Optional,
  PageQuery,
  textRule,
  timeRule,
} from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';
import { addressRule, amountRule, currencyRule } from '@fintech-ledger/ledger';
import { ledgerTransferNotFound, ledgerTransferStatuses } from '@fintech-ledger/ledger-transfers/domain';

const ledgerIdRule = textRule(
  'ledger_id',
  'invalid_parameter',
  "the id of a ledger, such as 'led_1'",
  /^led_[A-Za-z0-9_-]{1,64}$/,
);
const statusRule = oneOfRule('ledger_transfer_status', ledgerTransferStatuses);
const says = { description: 'What it is for.', metadata: 'Your own keys and values.' };

export const ledgerTransferParameter: PathParameter = {
  name: 'transfer',
  description: 'The id of the transfer.',
  pattern: /^lt_[A-Za-z0-9_-]{1,64}$/,
  refusal: ledgerTransferNotFound,
  detail: 'There is no such transfer.',
};

@Described('An account of a ledger.')
export class AccountOfLedgerDto {
  @Is(ledgerIdRule, 'The id of the ledger.')
  declare readonly ledger: string;

  @Is(addressRule, 'The address of the account.')
  declare readonly account: string;
}

@Described('A new transfer between ledgers.')
export class CreateLedgerTransferDto {
  @Nested(() => AccountOfLedgerDto, 'The account that the money leaves.')
  declare readonly from: AccountOfLedgerDto;

  @Nested(() => AccountOfLedgerDto, 'The account of another ledger that it arrives on.')
  declare readonly to: AccountOfLedgerDto;

  @Is(amountRule, 'In minor units.')
  declare readonly amount: string;

  @Is(currencyRule, 'The currency of both accounts.')
  declare readonly currency: string;

  @Is(descriptionRule, says.description)
  @Nullable()
  declare readonly description?: string | null;

  @Is(metadataRule, says.metadata)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}

@Described('What is to be changed of a transfer between ledgers; what is left out stays.')
export class UpdateLedgerTransferDto extends DescriptionChangesDto {}

export class LedgerTransferQuery {
  @Is(asOfRule, 'As it was then, inclusive: a time, or a position of the ledger that it left.')
  @Optional()
  declare readonly as_of?: string;
}

export class LedgerTransfersQuery extends PageQuery {
  @Is(statusRule, 'Only transfers with this status.')
  @Optional()
  declare readonly status?: string;

  @Is(currencyRule, 'Only transfers in this currency.')
  @Optional()
  declare readonly currency?: string;

  @Is(ledgerIdRule, 'Only transfers that left this ledger.')
  @Optional()
  declare readonly from_ledger?: string;

  @Is(ledgerIdRule, 'Only transfers to this ledger.')
  @Optional()
  declare readonly to_ledger?: string;

  @Is(timeRule, 'Only transfers that were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only transfers that were made before this time.')
  @Optional()
  declare readonly to?: string;

  @Is(metadataFilterRule, 'Only transfers with all these keys and values: `metadata[key]=value`.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;
}
