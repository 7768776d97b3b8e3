import {
  conversionAnswer,
  conversionPage,
  conversionShape,
  exposureShape,
  fxCommandRefusals,
  fxConversionNotFound,
  fxHistoryPage,
  fxRateNotFound,
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
import { CreateFxConversionDto, FxAsOfQuery, FxConversionsQuery, FxExposureQuery } from './fx.dto';
import { FxReads } from './fx-reads';
import { conversionParameter } from './fx-rules';
import { FxWriter } from './fx-writer';

const tag = 'Money between currencies';
const read = { method: 'GET', tag, scope: 'fx:read', kind: 'read', refusals: actsAlone } as const;
const one = { path: '/v1/fx/conversions/:conversion', parameters: [conversionParameter] };

@Controller()
export class FxConversionsController {
  constructor(
    @Inject(FxWriter) private readonly writer: FxWriter,
    @Inject(FxReads) private readonly reads: FxReads,
  ) {}

  @Endpoint({
    tag,
    scope: 'fx:write',
    kind: 'command',
    method: 'POST',
    path: '/v1/fx/conversions',
    operation: 'createFxConversion',
    summary: 'Convert as a quote has promised',
    description:
      "Of the platform's available balance, at once and whole. The position of the pair takes what is given; the " +
      'spread is revenue.',
    body: CreateFxConversionDto,
    answer: { status: 201, schema: conversionAnswer, description: 'The conversion.' },
    example: { quote: 'fxq_1' },
    refusals: [...fxCommandRefusals.CreateFxConversion, ...actsAlone],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { quote } = bodyOf<CreateFxConversionDto>(request);
    const livemode = isLive(principalOf(request));
    return this.writer.write(request, reply, { type: 'CreateFxConversion', livemode, quote });
  }

  @Endpoint({
    ...read,
    path: '/v1/fx/conversions',
    operation: 'listFxConversions',
    summary: 'List conversions, newest first',
    description: '`from` is inclusive, `to` exclusive.',
    query: FxConversionsQuery,
    answer: { status: 200, schema: conversionPage, description: 'A page of conversions.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<FxConversionsQuery>(request);
    const { from_currency, quote, to_currency } = query;
    const filter = {
      ...windowMs(query),
      ...(from_currency !== undefined && { from: from_currency }),
      ...(quote !== undefined && { quote }),
      ...(to_currency !== undefined && { to: to_currency }),
    };
    const answer = await this.reads.conversions(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getFxConversion',
    summary: 'Get a conversion',
    query: FxAsOfQuery,
    answer: { status: 200, schema: conversionShape, description: 'The conversion.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = pathParameter(request, 'conversion');
    const answer = await this.reads.object(request, id, fxConversionNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getFxConversionHistory',
    summary: 'List what happened to a conversion, newest first',
    query: PageQuery,
    answer: { status: 200, schema: fxHistoryPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const id = pathParameter(request, 'conversion');
    const answer = await this.reads.history(request, id, page, fxConversionNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: '/v1/fx/exposure',
    operation: 'getFxExposure',
    summary: 'Get what is open between currencies',
    description:
      'The position of each pair, what it has cost at the middle of bid and ask when it was dealt, and what it is ' +
      'worth at the rate in force. With `reporting_currency` also their sums; no rate leads by way of a third ' +
      'currency.',
    query: FxExposureQuery,
    answer: { status: 200, schema: exposureShape, description: 'The positions, with their values.' },
    refusals: [fxRateNotFound, ...actsAlone],
  })
  async exposure(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { reporting_currency: reporting = null } = queryOfRequest<FxExposureQuery>(request);
    const answer = await this.reads.exposure(request, reporting);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
