import type {
  CaptureHold,
  PostTransaction,
  PostTransactions,
  ReverseTransaction,
} from '@fintech-ledger/ledger/domain';
import { ApiProblem } from '@fintech-ledger/http';
import { transactionRequest } from './transaction.dto';
import type { BulkDto, CaptureDto, ReverseDto, TransactionDto, TransferDto } from './transaction.dto';

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
