import {
  fxCommandRefusals,
  fxHistoryPage,
  fxQuoteNotFound,
  quoteAnswer,
  quotePage,
  quoteShape,
} from '@fintech-ledger/fx/domain';
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
import { actsAlone } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CreateFxQuoteDto, FxAsOfQuery, FxQuotesQuery } from './fx.dto';
import { FxReads } from './fx-reads';
import { quoteParameter } from './fx-rules';
import { FxWriter } from './fx-writer';

const tag = 'Money between currencies';
const read = { method: 'GET', tag, scope: 'fx:read', kind: 'read', refusals: actsAlone } as const;
const one = { path: '/v1/fx/quotes/:quote', parameters: [quoteParameter] };

@Controller()
export class FxQuotesController {
  constructor(
    @Inject(FxWriter) private readonly writer: FxWriter,
    @Inject(FxReads) private readonly reads: FxReads,
  ) {}

  @Endpoint({
    tag,
    scope: 'fx:write',
    kind: 'command',
    method: 'POST',
    path: '/v1/fx/quotes',
    operation: 'createFxQuote',
    summary: 'Ask what a conversion comes to',
    description:
      'At the rate that is in force, which the quote keeps until it expires. What comes out is rounded down. The ' +
      'inverse of a pair uses its ask; two rates by way of a third currency are not used.',
    body: CreateFxQuoteDto,
    answer: { status: 201, schema: quoteAnswer, description: 'The quote.' },
    example: { from: { amount: '10000', currency: 'EUR' }, to: 'USD' },
    refusals: [...fxCommandRefusals.CreateFxQuote, ...actsAlone],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { from, to } = bodyOf<CreateFxQuoteDto>(request);
    return this.writer.write(request, reply, {
      type: 'CreateFxQuote',
      from: { amount: from.amount, currency: from.currency },
      livemode: isLive(principalOf(request)),
      to,
    });
  }

  @Endpoint({
    ...read,
    path: '/v1/fx/quotes',
    operation: 'listFxQuotes',
    summary: 'List quotes, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: FxQuotesQuery,
    answer: { status: 200, schema: quotePage, description: 'A page of quotes.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<FxQuotesQuery>(request);
    const { from_currency, to_currency, used } = query;
    const filter = {
      ...windowMs(query),
      ...(from_currency !== undefined && { from: from_currency }),
      ...(to_currency !== undefined && { to: to_currency }),
      ...(used !== undefined && { isUsed: used === 'true' }),
    };
    const answer = await this.reads.quotes(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getFxQuote',
    summary: 'Get a quote',
    query: FxAsOfQuery,
    answer: { status: 200, schema: quoteShape, description: 'The quote.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.object(request, pathParameter(request, 'quote'), fxQuoteNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getFxQuoteHistory',
    summary: 'List what happened to a quote, newest first',
    query: PageQuery,
    answer: { status: 200, schema: fxHistoryPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(request, pathParameter(request, 'quote'), page, fxQuoteNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
