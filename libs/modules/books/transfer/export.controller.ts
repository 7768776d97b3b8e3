import { Readable } from 'node:stream';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { GetLedger } from '@fintech-ledger/ledger/nest';
import { type At } from '@fintech-ledger/projection-runtime';
import { type LedgerView } from '@fintech-ledger/access/domain';
import { exportFormats } from '@fintech-ledger/books/formats';
import {
  ApiProblem,
  pathParameter,
  queryOfRequest,
  principalOf,
  Endpoint,
  readerOf,
  slicesOfProcess,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { booksDepsPort } from './books-deps-port';
import type { BooksDeps } from './books-of-ledger';
import { exportSourceOf } from './export-source-of';
import { inBlocks } from './in-blocks';
import { exportExamples } from './transfer-examples';
import { ExportQuery } from './transfer.dto';
import { ledgerParameter } from '@fintech-ledger/ledger';

@Controller()
export class ExportController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(booksDepsPort) private readonly deps: BooksDeps,
  ) {}

  @Endpoint({
    method: 'GET',
    path: '/v1/ledgers/:ledger/export',
    parameters: [ledgerParameter],
    operation: 'exportBooks',
    tag: 'Import and export',
    summary: 'Export a ledger',
    description:
      '`ndjson` (the default): everything; imported into an empty ledger it has the same balances, with holds and reversals; its last line is a signed proof bundle. `csv`: the posted entries, one a line. `hledger` and `beancount`: journals that those programs accept and whose balances are ours; what is pending is left out. Read from the event store itself, up to its last event when the export began: also while the read models of the ledger are halted. Only the organization’s are needed, to find the ledger and its units; while those are halted it is 503 `read_model_halted`.',
    scope: 'ledger:read',
    kind: 'read',
    use: 'exports',
    query: ExportQuery,
    answer: {
      status: 200,
      schema: null,
      texts: exportExamples,
      description: 'The ledger as a file.',
    },
  })
  async export(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { format: name = 'ndjson', safe } = queryOfRequest<ExportQuery>(request);
    if (safe !== undefined && name !== 'csv')
      throw new ApiProblem('invalid_parameter', "'safe' is for CSV only.", { param: '/safe' });
    const format = exportFormats[name];
    const ledgerId = pathParameter(request, 'ledger');
    const { organizationId } = principalOf(request);
    const { isEventual = false, minRevision = -1, minOrganizationRevision } = readerOf(request);
    const reader = { organizationId, isEventual };
    const query = new GetLedger(
      minOrganizationRevision === undefined ? reader : { ...reader, minRevision: minOrganizationRevision },
      ledgerId,
    );
    const { result: ledger } = await this.queries.execute<GetLedger, At<LedgerView>>(query);
    const isProven = name === 'ndjson';
    const source = await exportSourceOf(this.deps, ledger, organizationId, minRevision, isProven);
    void reply
      .header('Ledger-Position', `${ledgerId}@${source.revision}`)
      .header('content-type', format.contentType)
      .header('content-disposition', `attachment; filename="${ledgerId}.${format.extension}"`);
    if (request.method === 'HEAD') {
      void reply.send();
      return;
    }
    const pieces = slicesOfProcess.of(organizationId, format.write(source, { isSafe: safe === 'true' }));
    void reply.send(Readable.from(inBlocks(pieces), { objectMode: false }));
  }
}
