import { except } from '@fintech-ledger/contract';
import {
  ApiProblem,
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
import { sortedMetadata } from '@fintech-ledger/ledger/domain';
import {
  explainSplit,
  historyPage,
  showSplit,
  splitAnswer,
  splitCommandRefusals,
  splitExplanationShape,
  splitNotFound,
  splitPage,
  splitPartiesInvalid,
  splitShape,
} from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actsAlone } from '../payments/connected-account';
import { AsOfQuery } from '../payments/payment.dto';
import { PaymentReads } from '../payments/payment-reads';
import { PaymentWriter } from '../payments/payment-writer';
import { CreateSplitDto, ReverseSplitDto, splitParameter, SplitsQuery, UpdateSplitDto } from './split.dto';
import { splitPartyOf } from './split-party.dto';

const tag = 'Splits';
const read = { method: 'GET', tag, scope: 'splits:read', kind: 'read', refusals: actsAlone } as const;
const write = { tag, scope: 'splits:write', kind: 'command' } as const;
const one = { path: '/v1/splits/:split', parameters: [splitParameter] };
const changed = { status: 200, schema: splitAnswer, description: 'The split.' };

@Controller()
export class SplitsController {
  constructor(
    @Inject(PaymentWriter) private readonly writer: PaymentWriter,
    @Inject(PaymentReads) private readonly reads: PaymentReads,
  ) {}

  @Endpoint({
    ...write,
    method: 'POST',
    path: '/v1/splits',
    operation: 'createSplit',
    summary: 'Split a payment',
    description:
      'What was captured of it goes to the parties, pending as long as the payment is; refunds take it back in ' +
      'proportion. A payment that is to be split from the beginning names its `split_rule` or `splits`.',
    body: CreateSplitDto,
    answer: { ...changed, status: 201 },
    example: { payment: 'pay_1', split_rule: 'spr_1' },
    refusals: [...splitCommandRefusals.CreateSplit, splitPartiesInvalid, ...actsAlone],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { description, metadata, parties, payment, split_rule: rule } = bodyOf<CreateSplitDto>(request);
    if (Boolean(rule) === Boolean(parties)) {
      const why = 'A payment is split by a rule, or among parties: one of the two is there.';
      throw new ApiProblem(splitPartiesInvalid, why, { param: '/parties' });
    }
    return this.writer.write(request, reply, {
      type: 'CreateSplit',
      description: description ?? null,
      metadata: sortedMetadata(metadata),
      payment,
      ...(parties && { parties: parties.map(splitPartyOf) }),
      ...(rule && { splitRule: rule }),
    });
  }

  @Endpoint({
    ...write,
    ...one,
    method: 'PATCH',
    operation: 'updateSplit',
    summary: 'Describe a split otherwise',
    body: UpdateSplitDto,
    answer: changed,
    example: { metadata: { month: '2026-01' } },
    refusals: [...except(splitCommandRefusals.UpdateSplit, splitNotFound), ...actsAlone],
  })
  update(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { description, metadata } = bodyOf<UpdateSplitDto>(request);
    return this.writer.write(request, reply, {
      type: 'UpdateSplit',
      splitId: pathParameter(request, 'split'),
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata }),
    });
  }

  @Endpoint({
    ...write,
    method: 'POST',
    path: `${one.path}/reversals`,
    parameters: one.parameters,
    operation: 'reverseSplit',
    summary: 'Take shares back after a lost dispute',
    description:
      'What a dispute took that is lost, whole or a part: each party gives back what a refund of as much would take ' +
      'of it, and never more than it got. The platform keeps its own part of the loss. Should the dispute be won ' +
      'after all, the parties have it again.',
    body: ReverseSplitDto,
    answer: changed,
    example: { dispute: 'dp_1' },
    refusals: [...except(splitCommandRefusals.ReverseSplit, splitNotFound), ...actsAlone],
  })
  reverse(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { amount, dispute } = bodyOf<ReverseSplitDto>(request);
    return this.writer.write(request, reply, {
      type: 'ReverseSplit',
      dispute,
      splitId: pathParameter(request, 'split'),
      ...(amount !== undefined && { amount }),
    });
  }

  @Endpoint({
    ...read,
    path: '/v1/splits',
    operation: 'listSplits',
    summary: 'List splits, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: SplitsQuery,
    isExpensive: ['metadata'],
    answer: { status: 200, schema: splitPage, description: 'A page of splits.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<SplitsQuery>(request);
    const { metadata, payment, split_rule: splitRule } = query;
    const filter = {
      ...windowMs(query),
      ...(metadata !== undefined && { metadata }),
      ...(payment !== undefined && { payment }),
      ...(splitRule !== undefined && { splitRule }),
    };
    const answer = await this.reads.splits(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getSplit',
    summary: 'Get a split',
    query: AsOfQuery,
    answer: { status: 200, schema: splitShape, description: 'The split.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.split(request, pathParameter(request, 'split'), showSplit);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/explain`,
    parameters: one.parameters,
    operation: 'explainSplit',
    summary: 'See how each amount of a split came about',
    description:
      'For each party what is exactly its due, what that is rounded down, its rank among the remainders, the bound ' +
      'that held it, and what it got.',
    query: AsOfQuery,
    answer: { status: 200, schema: splitExplanationShape, description: 'Why each party got its share.' },
  })
  async explain(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.split(request, pathParameter(request, 'split'), explainSplit);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getSplitHistory',
    summary: 'List what happened to a split, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(request, pathParameter(request, 'split'), page, splitNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
