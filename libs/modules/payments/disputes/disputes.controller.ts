import { except } from '@fintech-ledger/contract';
import {
  bodyOf,
  Endpoint,
  pageOf,
  PageQuery,
  pathParameter,
  queryOfRequest,
  sendAnswer,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import {
  disputeAnswer,
  disputeNotFound,
  disputePage,
  disputeShape,
  historyPage,
  paymentCommandRefusals,
} from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actingOf, actsAlone, actsAsAccount, connectedAccountsPort } from '../payments/connected-account';
import type { ConnectedAccounts } from '../payments/connected-account';
import { AsOfQuery } from '../payments/payment.dto';
import { DisputeReads } from './dispute-reads';
import { DisputeWriter } from './dispute-writer';
import { EvidenceWriter } from './evidence-writer';
import { disputeParameter, DisputesQuery, GiveEvidenceDto, UpdateDisputeDto } from './dispute.dto';

const tag = 'Disputes';
const read = {
  method: 'GET',
  tag,
  scope: 'payments:read',
  kind: 'read',
  refusals: actsAsAccount,
  mayActAsAccount: true,
} as const;
const write = { tag, scope: 'payments:write', kind: 'command' } as const;
const one = { path: '/v1/disputes/:dispute', parameters: [disputeParameter] };
const changed = { status: 200, schema: disputeAnswer, description: 'The dispute.' };

@Controller()
export class DisputesController {
  constructor(
    @Inject(DisputeWriter) private readonly writer: DisputeWriter,
    @Inject(EvidenceWriter) private readonly evidenceWriter: EvidenceWriter,
    @Inject(DisputeReads) private readonly reads: DisputeReads,
    @Inject(connectedAccountsPort) private readonly accounts: ConnectedAccounts,
  ) {}

  @Endpoint({
    ...read,
    path: '/v1/disputes',
    operation: 'listDisputes',
    summary: 'List disputes, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: DisputesQuery,
    isExpensive: ['metadata'],
    answer: { status: 200, schema: disputePage, description: 'A page of disputes.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<DisputesQuery>(request);
    const { status, payment, metadata } = query;
    const filter = {
      ...(await actingOf(request, this.accounts)),
      ...windowMs(query),
      ...(status !== undefined && { status }),
      ...(payment !== undefined && { payment }),
      ...(metadata !== undefined && { metadata }),
    };
    const answer = await this.reads.disputes(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getDispute',
    summary: 'Get a dispute',
    query: AsOfQuery,
    answer: { status: 200, schema: disputeShape, description: 'The dispute.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.dispute(
      request,
      pathParameter(request, 'dispute'),
      await actingOf(request, this.accounts),
    );
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getDisputeHistory',
    summary: 'List what happened to a dispute, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(
      request,
      pathParameter(request, 'dispute'),
      page,
      await actingOf(request, this.accounts),
    );
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...write,
    ...one,
    method: 'PATCH',
    operation: 'updateDispute',
    summary: 'Describe a dispute otherwise',
    body: UpdateDisputeDto,
    answer: changed,
    example: { metadata: { handled_by: 'support' } },
    refusals: [...except(paymentCommandRefusals.UpdateDispute, disputeNotFound), ...actsAlone],
  })
  update(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { description, metadata } = bodyOf<UpdateDisputeDto>(request);
    return this.writer.write(request, reply, {
      type: 'UpdateDispute',
      disputeId: pathParameter(request, 'dispute'),
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata }),
    });
  }

  @Endpoint({
    ...write,
    method: 'POST',
    path: `${one.path}/evidence`,
    parameters: one.parameters,
    operation: 'giveDisputeEvidence',
    summary: 'Give evidence against a dispute',
    description:
      'Submitted, it is judged and can not be changed any more. With `submit: false` it is kept, and is no response: ' +
      'without one the dispute is lost at `evidence_due_by`. The text and the names of files are kept encrypted, and ' +
      "are forgotten with the payment's customer; where it has none, by `…/erase`.",
    body: GiveEvidenceDto,
    answer: changed,
    example: { text: 'Delivered on 3 March, signed for.', files: [], submit: true },
    refusals: [...except(paymentCommandRefusals.GiveEvidence, disputeNotFound), ...actsAlone],
  })
  evidence(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const dispute = pathParameter(request, 'dispute');
    return this.evidenceWriter.give(request, reply, dispute, bodyOf<GiveEvidenceDto>(request));
  }

  @Endpoint({
    ...write,
    scope: 'payments:admin',
    method: 'POST',
    path: `${one.path}/erase`,
    parameters: one.parameters,
    operation: 'eraseDisputeEvidence',
    summary: 'Forget what is personal in the evidence of a dispute',
    description:
      'Its text and the names of its files, for good: also in events and in backups. What the rail was told stays ' +
      'with it. Of a payment with a customer they are forgotten with them.',
    answer: changed,
    refusals: [...except(paymentCommandRefusals.EraseDisputeEvidence, disputeNotFound), ...actsAlone],
  })
  erase(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.evidenceWriter.erase(request, reply, pathParameter(request, 'dispute'));
  }

  @Endpoint({
    ...write,
    method: 'POST',
    path: `${one.path}/accept`,
    parameters: one.parameters,
    operation: 'acceptDispute',
    summary: 'Accept a dispute',
    description: 'The payer is right: it is lost at once, and nothing of it comes back.',
    answer: changed,
    refusals: [...except(paymentCommandRefusals.AcceptDispute, disputeNotFound), ...actsAlone],
  })
  accept(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const disputeId = pathParameter(request, 'dispute');
    return this.writer.write(request, reply, { type: 'AcceptDispute', disputeId });
  }
}
