// What is done to an earlier transaction: what is asked for, and the commands that this is.
import type { CaptureHold, OfHold, OfLedger, ReverseTransaction } from '@fintech-ledger/ledger/domain';
import {
  ApiProblem,
  AsksFor,
  Is,
  ListOf,
  NeedsScope,
  Nullable,
  Optional,
  flagRule,
  metadataRule,
  timeRule,
  descriptionRule,
} from '@fintech-ledger/http';
import type { BodyOf } from '@fintech-ledger/http';
import { amountRule } from '../rules';
import { overdraftNotAllowed } from './operation-refusals';
import { entriesBounds, EntryDto } from './transaction.dto';

@AsksFor<BodyOf<CaptureHold, 'transactionId' | keyof OfHold>>(
  'What of a hold is to be captured; all of it by default.',
)
export class CaptureDto {
  @Is(amountRule, 'How much to capture of a hold of two entries; all of it by default.')
  @Optional()
  declare readonly amount?: string;

  @ListOf(() => EntryDto, entriesBounds, 'What to capture of each entry.')
  @Optional()
  declare readonly entries?: readonly EntryDto[];

  @Is(flagRule, 'Whether the rest is released; true by default.')
  @Optional()
  declare readonly final?: boolean;
}

@AsksFor<BodyOf<ReverseTransaction, 'transactionId' | keyof OfLedger>>(
  'What of a transaction is to be reversed; all of it by default.',
)
export class ReverseDto {
  @Is(amountRule, 'How much to reverse of a transaction of two entries; all of it by default.')
  @Optional()
  declare readonly amount?: string;

  @ListOf(() => EntryDto, entriesBounds, 'What to reverse of each entry.')
  @Optional()
  declare readonly entries?: readonly EntryDto[];

  @Is(descriptionRule, 'Why.')
  @Nullable()
  declare readonly description?: string | null;

  @Is(timeRule, 'When it counts; now by default.')
  @Nullable()
  declare readonly effective_at?: string | null;

  @Is(metadataRule, 'Your own keys and values.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;

  @Is(flagRule, 'Books it even where a balance leaves its bounds; needs `ledger:admin`.')
  @Optional()
  @NeedsScope('ledger:admin', overdraftNotAllowed)
  declare readonly allow_overdraft?: boolean;
}

/** @throws ApiProblem when both `amount` and `entries` say what to capture */
export function captureHold(transactionId: string, body: CaptureDto): CaptureHold {
  refuseBoth(body);
  const { amount, entries, final } = body;
  return {
    type: 'CaptureHold',
    transactionId,
    ...(amount === undefined ? {} : { amount }),
    ...(entries === undefined ? {} : { entries }),
    ...(final === undefined ? {} : { final }),
  };
}

/** @throws ApiProblem when both `amount` and `entries` say what to reverse */
export function reverseTransaction(transactionId: string, body: ReverseDto): ReverseTransaction {
  refuseBoth(body);
  const { amount, entries, metadata } = body;
  return {
    type: 'ReverseTransaction',
    transactionId,
    ...(amount === undefined ? {} : { amount }),
    ...(entries === undefined ? {} : { entries }),
    description: body.description ?? null,
    effectiveAt: body.effective_at ?? null,
    ...(metadata === undefined ? {} : { metadata }),
    ...(body.allow_overdraft === undefined ? {} : { allowOverdraft: body.allow_overdraft }),
  };
}

function refuseBoth({ amount, entries }: { readonly amount?: string; readonly entries?: unknown }): void {
  if (amount !== undefined && entries !== undefined) {
    throw new ApiProblem('invalid_value', 'Give `amount` or `entries`, not both.', { param: '/entries' });
  }
}
