import { bulkTransactionsMax, entriesMax, entriesMin } from '@fintech-ledger/ledger';
import type { Direction } from '@fintech-ledger/ledger';
import { preconditionsMax } from '../limits';
import { Is, ListOf, Nested, Nullable, Optional } from '../validation/decorators';
import { wholeRule } from '../validation/rule';
import {
  addressRule,
  amountRule,
  boundRule,
  currencyRule,
  directionRule,
  flagRule,
  metadataRule,
  timeRule,
} from '../validation/rules';
import { descriptionRule, referenceRule } from '../validation/text-rules';

const entriesBounds = {
  min: entriesMin,
  max: entriesMax,
  tooFew: 'too_few_entries',
  tooMany: 'too_many_entries',
} as const;

export class EntryDto {
  @Is(addressRule)
  declare readonly account: string;

  @Is(directionRule)
  declare readonly direction: Direction;

  @Is(amountRule)
  declare readonly amount: string;

  @Is(currencyRule)
  declare readonly currency: string;
}

export class ComparisonDto {
  @Is(boundRule)
  @Optional()
  declare readonly gte?: string;

  @Is(boundRule)
  @Optional()
  declare readonly lte?: string;

  @Is(boundRule)
  @Optional()
  declare readonly eq?: string;
}

export class PreconditionDto {
  @Is(addressRule)
  declare readonly account: string;

  @Nested(() => ComparisonDto)
  @Optional()
  declare readonly available?: ComparisonDto;

  @Nested(() => ComparisonDto)
  @Optional()
  declare readonly posted?: ComparisonDto;

  @Is(wholeRule('version', 0, Number.MAX_SAFE_INTEGER))
  @Optional()
  declare readonly version?: number;
}

class TransactionFields {
  @Is(descriptionRule)
  @Nullable()
  declare readonly description?: string | null;

  @Is(referenceRule)
  @Nullable()
  declare readonly reference?: string | null;

  @Is(timeRule)
  @Nullable()
  declare readonly effective_at?: string | null;

  @Is(metadataRule)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;

  @ListOf(() => PreconditionDto, { min: 0, max: preconditionsMax })
  @Optional()
  declare readonly preconditions?: readonly PreconditionDto[];

  @Is(flagRule)
  @Optional()
  declare readonly pending?: boolean;

  @Is(timeRule)
  @Nullable()
  declare readonly expires_at?: string | null;
}

export class TransactionDto extends TransactionFields {
  @ListOf(() => EntryDto, entriesBounds)
  declare readonly entries: readonly EntryDto[];
}

export class TransferDto extends TransactionFields {
  @Is(addressRule)
  declare readonly debit_account: string;

  @Is(addressRule)
  declare readonly credit_account: string;

  @Is(amountRule)
  declare readonly amount: string;

  @Is(currencyRule)
  declare readonly currency: string;
}

export class BulkDto {
  @Is(flagRule)
  declare readonly atomic: boolean;

  @ListOf(() => TransactionDto, { min: 1, max: bulkTransactionsMax, tooMany: 'too_many_transactions' })
  declare readonly transactions: readonly TransactionDto[];
}

export class CaptureDto {
  @Is(amountRule)
  @Optional()
  declare readonly amount?: string;

  @ListOf(() => EntryDto, entriesBounds)
  @Optional()
  declare readonly entries?: readonly EntryDto[];

  @Is(flagRule)
  @Optional()
  declare readonly final?: boolean;
}

export class ReverseDto {
  @Is(amountRule)
  @Optional()
  declare readonly amount?: string;

  @ListOf(() => EntryDto, entriesBounds)
  @Optional()
  declare readonly entries?: readonly EntryDto[];

  @Is(descriptionRule)
  @Nullable()
  declare readonly description?: string | null;

  @Is(timeRule)
  @Nullable()
  declare readonly effective_at?: string | null;

  @Is(metadataRule)
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;

  @Is(flagRule)
  @Optional()
  declare readonly allow_overdraft?: boolean;
}
