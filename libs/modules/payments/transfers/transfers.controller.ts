import { except } from '@fintech-ledger/contract';
import {
  bodyOf,
  Endpoint,
  isLive,
  pageOf,
  PageQuery,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { sortedMetadata } from '@fintech-ledger/ledger/domain';
import {
  historyPage,
  transferAnswer,
  transferCommandRefusals,
  transferNotFound,
  transferPage,
  transferShape,
} from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actsAlone } from '../payments/connected-account';
import { AsOfQuery } from '../payments/payment.dto';
import { PaymentReads } from '../payments/payment-reads';
import { PaymentWriter } from '../payments/payment-writer';
import {
  CreateTransferDto,
  ReverseTransferDto,
  transferParameter,
  TransfersQuery,
  UpdateTransferDto,
} from './transfer.dto';

const tag = 'Transfers';
const read = { method: 'GET', tag, scope: 'connect:read', kind: 'read', refusals: actsAlone } as const;
const write = { tag, scope: 'connect:write', kind: 'command' } as const;
const one = { path: '/v1/transfers/:transfer', parameters: [transferParameter] };
const changed = { status: 200, schema: transferAnswer, description: 'The transfer.' };

@Controller()
export class TransfersController {
  constructor(
    @Inject(PaymentWriter) private readonly writer: PaymentWriter,
    @Inject(PaymentReads) private readonly reads: PaymentReads,
  ) {}

  @Endpoint({
    ...write,
    method: 'POST',
    path: '/v1/transfers',
    operation: 'createTransfer',
    summary: 'Transfer to a connected account',
    description:
      'Of what the platform has available, or, with `source_payment`, of that payment: it is pending as long as the ' +
      'payment is. An account that is closed takes what it owes, and no more.',
    body: CreateTransferDto,
    answer: { ...changed, status: 201 },
    example: { amount: '3000', currency: 'USD', destination: 'acct_1', transfer_group: 'order-1001' },
    refusals: [...transferCommandRefusals.CreateTransfer, ...actsAlone],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf<CreateTransferDto>(request);
    return this.writer.write(request, reply, {
      type: 'CreateTransfer',
      amount: body.amount,
      currency: body.currency,
      description: body.description ?? null,
      destination: body.destination,
      livemode: isLive(principalOf(request)),
      metadata: sortedMetadata(body.metadata),
      sourcePayment: body.source_payment ?? null,
      transferGroup: body.transfer_group ?? null,
    });
  }

  @Endpoint({
    ...write,
    ...one,
    method: 'PATCH',
    operation: 'updateTransfer',
    summary: 'Describe a transfer otherwise',
    body: UpdateTransferDto,
    answer: changed,
    example: { metadata: { month: '2026-01' } },
    refusals: [...except(transferCommandRefusals.UpdateTransfer, transferNotFound), ...actsAlone],
  })
  update(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { description, metadata } = bodyOf<UpdateTransferDto>(request);
    return this.writer.write(request, reply, {
      type: 'UpdateTransfer',
      transferId: pathParameter(request, 'transfer'),
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata }),
    });
  }

  @Endpoint({
    ...write,
    method: 'POST',
    path: `${one.path}/reversals`,
    parameters: one.parameters,
    operation: 'reverseTransfer',
    summary: 'Take a transfer back',
    description: 'Whole, or a part: first what is pending of it, then of what the account has available.',
    body: ReverseTransferDto,
    isBodyOptional: true,
    answer: changed,
    example: { amount: '1000' },
    refusals: [...except(transferCommandRefusals.ReverseTransfer, transferNotFound), ...actsAlone],
  })
  reverse(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { amount } = bodyOf<ReverseTransferDto>(request);
    return this.writer.write(request, reply, {
      type: 'ReverseTransfer',
      transferId: pathParameter(request, 'transfer'),
      ...(amount !== undefined && { amount }),
    });
  }

  @Endpoint({
    ...read,
    path: '/v1/transfers',
    operation: 'listTransfers',
    summary: 'List transfers, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: TransfersQuery,
    isExpensive: ['metadata'],
    answer: { status: 200, schema: transferPage, description: 'A page of transfers.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<TransfersQuery>(request);
    const { destination, metadata, source_payment, transfer_group } = query;
    const filter = {
      ...windowMs(query),
      ...(destination !== undefined && { destination }),
      ...(metadata !== undefined && { metadata }),
      ...(source_payment !== undefined && { sourcePayment: source_payment }),
      ...(transfer_group !== undefined && { transferGroup: transfer_group }),
    };
    const answer = await this.reads.transfers(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getTransfer',
    summary: 'Get a transfer',
    query: AsOfQuery,
    answer: { status: 200, schema: transferShape, description: 'The transfer.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.transfer(request, pathParameter(request, 'transfer'));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getTransferHistory',
    summary: 'List what happened to a transfer, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const id = pathParameter(request, 'transfer');
    const answer = await this.reads.history(request, id, page, transferNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
