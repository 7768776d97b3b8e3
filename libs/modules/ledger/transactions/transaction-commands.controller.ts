import { transactionAnswer } from '../views/transaction';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { bodyOf, pathParameter, Endpoint } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import type {
  AccountCommand,
  ClaimKey,
  ClosePeriod,
  ExpireHolds,
  LedgerCommand,
  PostTransactions,
  ShowAccount,
} from '@fintech-ledger/ledger/domain';
import { submitToLedger } from '../journal/write-to-ledger.handler';
import type { OperationsOf } from '../journal/write-to-ledger.handler';
import { captureHold, CaptureDto, reverseTransaction, ReverseDto } from './amendment.dto';
import { postTransaction, postTransfer, TransactionDto, transferField, TransferDto } from './transaction.dto';
import { operationRefusals } from './operation-refusals';
import { transactionExample, transferExample } from './transaction-examples';
import { ledgerParameter } from '../ledgers/ledger-parameter';
import { transactionParameter } from './transaction-parameter';

const command = { method: 'POST', tag: 'Transactions', scope: 'ledger:write', kind: 'command' } as const;
const answer = {
  status: 201,
  schema: transactionAnswer,
  description: 'The transaction, and the balances of the accounts that it touched.',
} as const;
/**
 * These have controllers of their own; holds expire without a request, an account is shown by a query, and a key is
 * claimed for lines.
 */
type Elsewhere = AccountCommand | PostTransactions | ExpireHolds | ShowAccount | ClosePeriod | ClaimKey;

@Controller()
export class TransactionCommandsController implements OperationsOf<Exclude<LedgerCommand, Elsewhere>> {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Endpoint({
    ...command,
    path: '/v1/ledgers/:ledger/transactions',
    parameters: [ledgerParameter],
    operation: 'postTransaction',
    summary: 'Post a transaction, or place a hold',
    description:
      'Two to 1,000 entries; per currency the debits equal the credits. All or nothing; bounds are judged on the result. With `pending` the amounts are held until captured, voided or expired.',
    body: TransactionDto,
    isBrief: true,
    answer,
    example: transactionExample,
    refusals: operationRefusals.postTransaction,
  })
  post(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return submitToLedger(this.commands, postTransaction(bodyOf<TransactionDto>(request)), request, reply);
  }

  @Endpoint({
    ...command,
    path: '/v1/ledgers/:ledger/transfers',
    parameters: [ledgerParameter],
    operation: 'postTransfer',
    summary: 'Post a transaction of two entries',
    body: TransferDto,
    isBrief: true,
    answer,
    example: transferExample,
    refusals: operationRefusals.postTransfer,
  })
  transfer(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const transfer = postTransfer(bodyOf<TransferDto>(request));
    return submitToLedger(this.commands, transfer, request, reply, transferField);
  }

  @Endpoint({
    ...command,
    path: '/v1/ledgers/:ledger/transactions/:transaction/capture',
    parameters: [ledgerParameter, transactionParameter],
    operation: 'captureHold',
    summary: 'Capture a hold, as a whole or in part',
    description:
      'The whole by default; a part by `amount` (holds of two entries) or by `entries`. `final: false` keeps the rest for another capture; otherwise it is released. Of a hold of more than 20 entries the answer has those that changed.',
    body: CaptureDto,
    isBodyOptional: true,
    answer: { ...answer, status: 200 },
    example: { amount: '5000', final: false },
    refusals: operationRefusals.captureHold,
  })
  capture(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const hold = captureHold(pathParameter(request, 'transaction'), bodyOf<CaptureDto>(request));
    return submitToLedger(this.commands, hold, request, reply);
  }

  @Endpoint({
    ...command,
    path: '/v1/ledgers/:ledger/transactions/:transaction/void',
    parameters: [ledgerParameter, transactionParameter],
    operation: 'voidHold',
    summary: 'Release all that a hold still holds',
    answer: { ...answer, status: 200 },
    refusals: operationRefusals.voidHold,
  })
  void(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const transactionId = pathParameter(request, 'transaction');
    return submitToLedger(this.commands, { type: 'VoidHold', transactionId }, request, reply);
  }

  @Endpoint({
    ...command,
    path: '/v1/ledgers/:ledger/transactions/:transaction/reverse',
    parameters: [ledgerParameter, transactionParameter],
    operation: 'reverseTransaction',
    summary: 'Reverse a transaction, as a whole or in part',
    description:
      'A new transaction, linked both ways. `allow_overdraft` passes over bounds and needs the scope `ledger:admin`.',
    body: ReverseDto,
    isBodyOptional: true,
    answer,
    example: { amount: '2500', description: 'refund' },
    refusals: operationRefusals.reverseTransaction,
  })
  reverse(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf<ReverseDto>(request);
    const reversal = reverseTransaction(pathParameter(request, 'transaction'), body);
    return submitToLedger(this.commands, reversal, request, reply);
  }
}
