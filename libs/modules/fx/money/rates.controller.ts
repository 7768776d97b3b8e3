import { parseTime } from '@fintech-ledger/contract';
import {
  fxCommandRefusals,
  fxHistoryPage,
  fxRateNotFound,
  rateAnswer,
  ratePage,
  rateShape,
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
import { FxAsOfQuery, FxRatesQuery, SetFxRateDto } from './fx.dto';
import { FxReads } from './fx-reads';
import { rateParameter } from './fx-rules';
import { FxWriter } from './fx-writer';

const tag = 'Money between currencies';
const read = { method: 'GET', tag, scope: 'fx:read', kind: 'read', refusals: actsAlone } as const;
const one = { path: '/v1/fx/rates/:rate', parameters: [rateParameter] };

@Controller()
export class FxRatesController {
  constructor(
    @Inject(FxWriter) private readonly writer: FxWriter,
    @Inject(FxReads) private readonly reads: FxReads,
  ) {}

  @Endpoint({
    tag,
    scope: 'fx:admin',
    kind: 'command',
    method: 'POST',
    path: '/v1/fx/rates',
    operation: 'setFxRate',
    summary: 'Set a rate',
    description:
      'What one currency is worth in another one, from a moment on. Of two of one pair and one moment the later one ' +
      'counts; quotes that were made before keep theirs.',
    body: SetFxRateDto,
    answer: { status: 201, schema: rateAnswer, description: 'The rate.' },
    example: {
      ...{ base: 'EUR', quote: 'USD', bid: '1.0900', ask: '1.1100', source: 'ECB' },
      valid_from: '2026-01-31T12:00:00Z',
    },
    refusals: [...fxCommandRefusals.SetFxRate, ...actsAlone],
  })
  set(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { ask, base, bid, quote, source, valid_from } = bodyOf<SetFxRateDto>(request);
    return this.writer.write(request, reply, {
      type: 'SetFxRate',
      ...{ ask, base, bid, quote, source },
      livemode: isLive(principalOf(request)),
      validFrom: parseTime(valid_from ?? '') ?? null,
    });
  }

  @Endpoint({
    ...read,
    path: '/v1/fx/rates',
    operation: 'listFxRates',
    summary: 'List rates, newest first',
    description:
      'By when they were set; with `as_of` those alone that are in force then. `from` is inclusive, `to` exclusive.',
    query: FxRatesQuery,
    answer: { status: 200, schema: ratePage, description: 'A page of rates.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<FxRatesQuery>(request);
    const { base, quote } = query;
    const filter = {
      ...windowMs(query),
      ...(base !== undefined && { base }),
      ...(quote !== undefined && { quote }),
    };
    const answer = await this.reads.rates(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getFxRate',
    summary: 'Get a rate',
    query: FxAsOfQuery,
    answer: { status: 200, schema: rateShape, description: 'The rate.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.object(request, pathParameter(request, 'rate'), fxRateNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getFxRateHistory',
    summary: 'List what happened to a rate, newest first',
    description: 'It was set, by whom and when: a rate never changes.',
    query: PageQuery,
    answer: { status: 200, schema: fxHistoryPage, description: 'A page of events.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(request, pathParameter(request, 'rate'), page, fxRateNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
