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
  paymentCommandRefusals,
  payoutAnswer,
  payoutNotFound,
  payoutPage,
  payoutShape,
  platformOwner,
} from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actingIn, actingOf, actsAsAccount, connectedAccountsPort } from '../payments/connected-account';
import type { ConnectedAccounts } from '../payments/connected-account';
import { AsOfQuery } from '../payments/payment.dto';
import { PaymentReads } from '../payments/payment-reads';
import { PaymentWriter } from '../payments/payment-writer';
import { CreatePayoutDto, payoutParameter, PayoutsQuery, UpdatePayoutDto } from './payout.dto';

const tag = 'Payouts';
const read = {
  method: 'GET',
  tag,
  scope: 'payouts:read',
  kind: 'read',
  refusals: actsAsAccount,
  mayActAsAccount: true,
} as const;
const write = { tag, scope: 'payouts:write', kind: 'command', mayActAsAccount: true } as const;
const one = { path: '/v1/payouts/:payout', parameters: [payoutParameter] };
const changed = { status: 200, schema: payoutAnswer, description: 'The payout.' };

@Controller()
export class PayoutsController {
  constructor(
    @Inject(PaymentWriter) private readonly writer: PaymentWriter,
    @Inject(PaymentReads) private readonly reads: PaymentReads,
    @Inject(connectedAccountsPort) private readonly accounts: ConnectedAccounts,
  ) {}

  @Endpoint({
    ...write,
    method: 'POST',
    path: '/v1/payouts',
    operation: 'createPayout',
    summary: 'Pay out of the balance',
    description:
      'Of the platform, or of the connected account that the request acts as. It leaves the balance at once, and is ' +
      'handed to the rail at the next 00:00 UTC. One of the platform that goes to a bank account of the environment ' +
      '(`purpose: payout`) goes by bank, with the file of its batch; in sandboxes payouts may go to test accounts ' +
      'too. What comes to a closed connected account goes to its bank account, or to one of the environment. A dry ' +
      'run says nothing of what the rail will make of it.',
    body: CreatePayoutDto,
    answer: { status: 201, schema: payoutAnswer, description: 'The payout.' },
    example: { amount: '5000', currency: 'USD', description: 'January' },
    refusals: paymentCommandRefusals.CreatePayout,
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf<CreatePayoutDto>(request);
    const acting = actingIn(request);
    const command = {
      type: 'CreatePayout',
      ...acting,
      amount: body.amount,
      bankAccount: body.bank_account ?? null,
      currency: body.currency,
      description: body.description ?? null,
      livemode: isLive(principalOf(request)),
      metadata: sortedMetadata(body.metadata),
    } as const;
    return this.writer.writeAs(request, reply, command, acting);
  }

  @Endpoint({
    ...write,
    ...one,
    method: 'PATCH',
    operation: 'updatePayout',
    summary: 'Describe a payout otherwise',
    body: UpdatePayoutDto,
    answer: changed,
    example: { metadata: { month: '2026-01' } },
    refusals: [...except(paymentCommandRefusals.UpdatePayout, payoutNotFound), ...actsAsAccount],
  })
  update(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { description, metadata } = bodyOf<UpdatePayoutDto>(request);
    const acting = actingIn(request);
    const command = {
      type: 'UpdatePayout',
      ...acting,
      payoutId: pathParameter(request, 'payout'),
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata }),
    } as const;
    return this.writer.writeAs(request, reply, command, acting);
  }

  @Endpoint({
    ...write,
    method: 'POST',
    path: `${one.path}/cancel`,
    parameters: one.parameters,
    operation: 'cancelPayout',
    summary: 'Cancel a payout',
    description: 'Until it is sent; the balance has it back.',
    answer: changed,
    refusals: [...except(paymentCommandRefusals.CancelPayout, payoutNotFound), ...actsAsAccount],
  })
  cancel(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const payoutId = pathParameter(request, 'payout');
    const acting = actingIn(request);
    return this.writer.writeAs(request, reply, { type: 'CancelPayout', ...acting, payoutId }, acting);
  }

  @Endpoint({
    ...read,
    path: '/v1/payouts',
    operation: 'listPayouts',
    summary: 'List payouts, newest first',
    description:
      "The platform's own, or those of the connected account that the request acts as. `from` is inclusive, `to` " +
      'exclusive.',
    query: PayoutsQuery,
    isExpensive: ['metadata'],
    answer: { status: 200, schema: payoutPage, description: 'A page of payouts.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<PayoutsQuery>(request);
    const { batch, status, currency, metadata } = query;
    const filter = {
      owner: (await actingOf(request, this.accounts)).actsAs ?? platformOwner,
      ...windowMs(query),
      ...(batch !== undefined && { batch }),
      ...(status !== undefined && { status }),
      ...(currency !== undefined && { currency }),
      ...(metadata !== undefined && { metadata }),
    };
    const answer = await this.reads.payouts(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getPayout',
    summary: 'Get a payout',
    query: AsOfQuery,
    answer: { status: 200, schema: payoutShape, description: 'The payout.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.payout(
      request,
      pathParameter(request, 'payout'),
      await actingOf(request, this.accounts),
    );
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getPayoutHistory',
    summary: 'List what happened to a payout, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const id = pathParameter(request, 'payout');
    const acting = await actingOf(request, this.accounts);
    const answer = await this.reads.history(request, id, page, payoutNotFound, acting);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
