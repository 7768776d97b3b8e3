// New transactions: what is asked for, and the commands that this is.
import { bulkTransactionsMax, entriesMax, entriesMin } from '@fintech-ledger/ledger/domain';
import type {
  AllDetails,
  Comparison,
  Direction,
  EntryRequest,
  OfLedger,
  PostTransaction,
  PostTransactions,
  Precondition,
  TransactionRequest,
} from '@fintech-ledger/ledger/domain';
import {
  preconditionsMax,
  AsksFor,
  Described,
  Is,
  ListOf,
  Nested,
  Nullable,
  Optional,
  wholeRule,
  flagRule,
  metadataRule,
  timeRule,
  descriptionRule,
  referenceRule,
} from '@fintech-ledger/http';
import type { BodyOf } from '@fintech-ledger/http';
import { addressRule, amountRule, boundRule, currencyRule, directionRule, transactionIdRule } from '../rules';

export const entriesBounds = {
  min: entriesMin,
  max: entriesMax,
  tooFew: 'too_few_entries',
  tooMany: 'too_many_entries',
} as const;

@AsksFor<BodyOf<EntryRequest>>('One side of a transaction.')
export class EntryDto {
  @Is(addressRule, 'The address of the account.')
  declare readonly account: string;

  @Is(directionRule, 'The side of the account.')
  declare readonly direction: Direction;

  @Is(amountRule, 'In minor units.')
  declare readonly amount: string;

  @Is(currencyRule, 'The currency of the account.')
  declare readonly currency: string;
}

@AsksFor<BodyOf<Comparison>>('What a balance must be, in minor units.')
export class ComparisonDto {
  @Is(boundRule, 'At least this.')
  @Optional()
  declare readonly gte?: string;

  @Is(boundRule, 'At most this.')
  @Optional()
  declare readonly lte?: string;

  @Is(boundRule, 'Exactly this.')
  @Optional()
  declare readonly eq?: string;
}

@AsksFor<BodyOf<Precondition>>('What must hold of an account.')
export class PreconditionDto {
  @Is(addressRule, 'The account that is judged, before the transaction.')
  declare readonly account: string;

  @Nested(() => ComparisonDto, 'What its available balance must be.')
  @Optional()
  declare readonly available?: ComparisonDto;

  @Nested(() => ComparisonDto, 'What its posted balance must be.')
  @Optional()
  declare readonly posted?: ComparisonDto;

  @Is(wholeRule('version', 0, Number.MAX_SAFE_INTEGER), 'The version that it must have.')
  @Optional()
  declare readonly version?: number;
}

const correctionText =
  'The transaction that it corrects. What would count in a closed period counts when it is booked then.';

class TransactionFields {
  @Is(descriptionRule, 'What it is for.')
  @Nullable()
  declare readonly description?: string | null;

  @Is(referenceRule, 'A name for it, unique in the ledger.')
  @Nullable()
  declare readonly reference?: string | null;

  @Is(timeRule, 'When it counts; now by default.')
  @Nullable()
  declare readonly effective_at?: string | null;

  @Is({ ...transactionIdRule, code: 'invalid_value' }, correctionText)
  @Nullable()
  declare readonly correction_of?: string | null;

  @Is(metadataRule, 'Your own keys and values.')
  @Optional()
  declare readonly metadata?: Readonly<Record<string, string>>;

  @ListOf(
    () => PreconditionDto,
    { min: 0, max: preconditionsMax },
    'What must hold before it, or nothing is booked.',
  )
  @Optional()
  declare readonly preconditions?: readonly PreconditionDto[];

  @Is(flagRule, 'Whether it is a hold, to be captured or voided.')
  @Optional()
  declare readonly pending?: boolean;

  @Is(timeRule, 'When a hold expires; null: never.')
  @Nullable()
  declare readonly expires_at?: string | null;
}

@AsksFor<BodyOf<TransactionRequest>>('A new transaction, or a hold.')
export class TransactionDto extends TransactionFields {
  @ListOf(() => EntryDto, entriesBounds, 'Per currency the debits equal the credits.')
  declare readonly entries: readonly EntryDto[];
}

/**
 * What a body asks for. Written out rather than copied by name: this is the hot path, and a spread of a spread costs
 * more than it says.
 */
export function transactionRequest(
  fields: TransactionFields,
  entries: TransactionRequest['entries'],
): TransactionRequest & AllDetails {
  return {
    entries,
    description: fields.description ?? null,
    reference: fields.reference ?? null,
    correctionOf: fields.correction_of ?? null,
    effectiveAt: fields.effective_at ?? null,
    expiresAt: fields.expires_at ?? null,
    ...(fields.metadata === undefined ? {} : { metadata: fields.metadata }),
    ...(fields.preconditions === undefined ? {} : { preconditions: fields.preconditions }),
    ...(fields.pending === undefined ? {} : { pending: fields.pending }),
  };
}

@Described('A new transaction of two entries, or a hold.')
export class TransferDto extends TransactionFields {
  @Is(addressRule, 'The account that is debited.')
  declare readonly debit_account: string;

  @Is(addressRule, 'The account that is credited.')
  declare readonly credit_account: string;

  @Is(amountRule, 'In minor units.')
  declare readonly amount: string;

  @Is(currencyRule, 'The currency of both accounts.')
  declare readonly currency: string;
}

@AsksFor<BodyOf<PostTransactions, 'before' | keyof OfLedger>>('Many transactions.')
export class BulkDto {
  @Is(flagRule, 'Whether all are booked or none.')
  declare readonly atomic: boolean;

  @ListOf(
    () => TransactionDto,
    { min: 1, max: bulkTransactionsMax, tooMany: 'too_many_transactions' },
    'The transactions, each as on its own; earlier ones are visible to later ones.',
  )
  declare readonly transactions: readonly TransactionDto[];
}

export function postTransaction(body: TransactionDto): PostTransaction {
  return { type: 'PostTransaction', ...transactionRequest(body, body.entries) };
}

/** The simple form: a transaction of two entries. */
export function postTransfer(body: TransferDto): PostTransaction {
  const { amount, currency } = body;
  return {
    type: 'PostTransaction',
    ...transactionRequest(body, [
      { account: body.debit_account, direction: 'debit', amount, currency },
      { account: body.credit_account, direction: 'credit', amount, currency },
    ]),
  };
}

/** The field of a transfer that a pointer into its transaction stands for. */
export function transferField(param: string): string {
  const [, index, field] = /^\/entries\/([01])\/([a-z]+)$/.exec(param) ?? [];
  if (field === undefined) return param;
  return field === 'account' ? (index === '0' ? '/debit_account' : '/credit_account') : `/${field}`;
}

export function postTransactions({ atomic, transactions }: BulkDto): PostTransactions {
  return {
    type: 'PostTransactions',
    atomic,
    transactions: transactions.map((item) => transactionRequest(item, item.entries)),
  };
}
