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
import {
  historyPage,
  refundExceeded,
  splitInvalid,
  splitRuleNotFound,
} from '@fintech-ledger/payments/domain';
import { actsAlone, splitPartyOf } from '@fintech-ledger/payments/nest';
import {
  splitPreviewShape,
  splitRuleAnswer,
  splitRuleCommandRefusals,
  splitRulePage,
  splitRuleShape,
} from '@fintech-ledger/splits/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  CreateSplitRuleDto,
  SplitPreviewQuery,
  splitRuleParameter,
  SplitRuleQuery,
  SplitRulesQuery,
  UpdateSplitRuleDto,
} from './split-rule.dto';
import { SplitRuleReads } from './split-rule-reads';
import { SplitRuleWriter } from './split-rule-writer';

const tag = 'Splits';
const read = { method: 'GET', tag, scope: 'splits:read', kind: 'read', refusals: actsAlone } as const;
const write = { tag, scope: 'splits:write', kind: 'command' } as const;
const one = { path: '/v1/split_rules/:rule', parameters: [splitRuleParameter] };
const changed = { status: 200, schema: splitRuleAnswer, description: 'The split rule.' };

@Controller()
export class SplitRulesController {
  constructor(
    @Inject(SplitRuleWriter) private readonly writer: SplitRuleWriter,
    @Inject(SplitRuleReads) private readonly reads: SplitRuleReads,
  ) {}

  @Endpoint({
    ...write,
    method: 'POST',
    path: '/v1/split_rules',
    operation: 'createSplitRule',
    summary: 'Create a split rule',
    description:
      'Fixed amounts come first, then shares of the whole, rounded down and held to their bounds, and the party with ' +
      'the remainder gets the rest. Without such a party the shares are the whole (10,000), and largest remainder ' +
      'decides, ties to the earlier party.',
    body: CreateSplitRuleDto,
    answer: { ...changed, status: 201 },
    example: {
      name: 'Marketplace',
      currency: 'USD',
      parties: [
        { id: 'merchant', role: 'merchant', account: 'acct_1', remainder: true },
        { id: 'dev', role: 'developer', account: 'acct_2', share_bps: 1000, max_amount: '5000' },
        { id: 'us', role: 'platform', account: 'platform', fixed_amount: '30' },
      ],
    },
    refusals: [...splitRuleCommandRefusals.CreateSplitRule, ...actsAlone],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { currency, name, parties } = bodyOf<CreateSplitRuleDto>(request);
    return this.writer.write(request, reply, {
      type: 'CreateSplitRule',
      currency: currency ?? null,
      livemode: isLive(principalOf(request)),
      name,
      parties: parties.map(splitPartyOf),
    });
  }

  @Endpoint({
    ...write,
    ...one,
    method: 'PATCH',
    operation: 'updateSplitRule',
    summary: 'Make the next version of a split rule',
    description: 'Earlier versions stay as they are. What changes nothing makes none.',
    body: UpdateSplitRuleDto,
    answer: changed,
    example: { name: 'Marketplace 2027' },
    refusals: [...except(splitRuleCommandRefusals.UpdateSplitRule, splitRuleNotFound), ...actsAlone],
  })
  update(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { currency, name, parties } = bodyOf<UpdateSplitRuleDto>(request);
    return this.writer.write(request, reply, {
      type: 'UpdateSplitRule',
      ruleId: pathParameter(request, 'rule'),
      ...(currency !== undefined && { currency }),
      ...(name !== undefined && { name }),
      ...(parties !== undefined && { parties: parties.map(splitPartyOf) }),
    });
  }

  @Endpoint({
    ...read,
    path: '/v1/split_rules',
    operation: 'listSplitRules',
    summary: 'List split rules, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: SplitRulesQuery,
    answer: { status: 200, schema: splitRulePage, description: 'A page of split rules.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<SplitRulesQuery>(request);
    const answer = await this.reads.rules(request, windowMs(query), pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getSplitRule',
    summary: 'Get a split rule',
    query: SplitRuleQuery,
    answer: { status: 200, schema: splitRuleShape, description: 'The split rule.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const version = versionOf(queryOfRequest<SplitRuleQuery>(request));
    const answer = await this.reads.rule(request, pathParameter(request, 'rule'), version);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/preview`,
    parameters: one.parameters,
    operation: 'previewSplit',
    summary: 'See what a split rule makes of an amount, and why',
    description: 'Nothing is moved. `refund_amounts` shows what refunds would take back from each party.',
    query: SplitPreviewQuery,
    answer: { status: 200, schema: splitPreviewShape, description: 'What each party would get.' },
    refusals: [splitInvalid, refundExceeded, ...actsAlone],
  })
  async preview(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<SplitPreviewQuery>(request);
    const refunds = query.refund_amounts?.split(',').map(BigInt) ?? [];
    const id = pathParameter(request, 'rule');
    const answer = await this.reads.preview(request, id, versionOf(query), BigInt(query.amount), refunds);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getSplitRuleHistory',
    summary: 'List what happened to a split rule, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(request, pathParameter(request, 'rule'), page);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}

const versionOf = ({ version }: SplitRuleQuery): number | undefined =>
  version === undefined ? undefined : Number(version);
