import { Readable } from 'node:stream';
import {
  Endpoint,
  Is,
  Optional,
  pageOf,
  PageQuery,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
  slicesOfProcess,
  timeRule,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest, PathParameter } from '@fintech-ledger/http';
import {
  historyPage,
  payoutBatchNotFound,
  payoutBatchPage,
  payoutBatchShape,
  payoutFileErased,
} from '@fintech-ledger/payments/domain';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { actsAlone } from '../payments/connected-account';
import { AsOfQuery } from '../payments/payment.dto';
import { currencyRule } from '../payments/payment-rules';
import { PayoutBatchReads } from './payout-batch-reads';

const path = '/v1/payout_batches';
const batchParameter: PathParameter = {
  name: 'payoutBatch',
  description: 'The id of the batch.',
  pattern: /^pob_[A-Za-z0-9]{1,64}$/,
  refusal: payoutBatchNotFound,
  detail: 'There is no such payout batch.',
};
const one = { path: `${path}/:payoutBatch`, parameters: [batchParameter] };
const read = {
  method: 'GET',
  tag: 'Payouts',
  scope: 'payouts:read',
  kind: 'read',
  refusals: actsAlone,
} as const;
const example =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">' +
  '<CstmrCdtTrfInitn>…</CstmrCdtTrfInitn></Document>\n';

export class PayoutBatchesQuery extends PageQuery {
  @Is(currencyRule, 'Only batches in this currency.')
  @Optional()
  declare readonly currency?: string;

  @Is(timeRule, 'Only batches that were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only batches that were made before this time.')
  @Optional()
  declare readonly to?: string;
}

@Controller()
export class PayoutBatchesController {
  constructor(@Inject(PayoutBatchReads) private readonly reads: PayoutBatchReads) {}

  @Endpoint({
    ...read,
    path,
    operation: 'listPayoutBatches',
    summary: 'List payout batches, newest first',
    description:
      'The payouts of a day in a currency that go by bank are one batch, from the moment at which they are sent. ' +
      '`from` is inclusive, `to` exclusive.',
    query: PayoutBatchesQuery,
    answer: { status: 200, schema: payoutBatchPage, description: 'A page of batches.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<PayoutBatchesQuery>(request);
    const { currency } = query;
    const filter = { ...windowMs(query), ...(currency !== undefined && { currency }) };
    const answer = await this.reads.batches(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getPayoutBatch',
    summary: 'Get a payout batch',
    query: AsOfQuery,
    answer: { status: 200, schema: payoutBatchShape, description: 'The batch.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.batch(request, pathParameter(request, 'payoutBatch'));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/file`,
    parameters: one.parameters,
    operation: 'getPayoutBatchFile',
    summary: 'Get the file of a payout batch, for the bank',
    description:
      'ISO 20022, pain.001.001.09. Its bytes never change: a bank that has it already knows it by its message id, ' +
      'and each transfer by its end-to-end id, which is the id of the payout. A statement that has that makes the ' +
      'payout `paid`. Payouts of connected accounts are in it too.',
    use: 'exports',
    refusals: [...actsAlone, payoutFileErased],
    answer: {
      status: 200,
      schema: null,
      texts: { 'application/xml': example },
      description: 'The file.',
    },
  })
  async file(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { ledgerId, result, revision } = await this.reads.file(
      request,
      pathParameter(request, 'payoutBatch'),
    );
    void reply
      .header('Ledger-Position', `${ledgerId}@${revision}`)
      .header('content-type', 'application/xml; charset=utf-8')
      .header('content-disposition', `attachment; filename="${result.name}"`);
    if (request.method === 'HEAD') {
      void reply.send();
      return;
    }
    const pieces = slicesOfProcess.of(principalOf(request).organizationId, result.pieces);
    void reply.send(Readable.from(pieces, { objectMode: false }));
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getPayoutBatchHistory',
    summary: 'List what happened to a payout batch, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(request, pathParameter(request, 'payoutBatch'), page);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
