import { bulkAnswer } from '../../views/transaction';
import { Readable } from 'node:stream';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { ReadModels } from '../../ledgers/read-models';
import {
  apiLogPort,
  bodyOf,
  bulkBodyBytesMax,
  Endpoint,
  readerOf,
  isDryRun,
  isNdjson,
  ndjsonBytesInFlightMax,
  ndjsonLinesInFlightMax,
  principalOf,
  sealedMetadataPort,
  slicesOfProcess,
  whenGone,
} from '@fintech-ledger/http';
import type { ApiLog, ApiRequest, SealedMetadata } from '@fintech-ledger/http';
import type { BeginTrials } from '@fintech-ledger/journal';
import { trialsPort } from '@fintech-ledger/projection-runtime';
import { submitToLedger } from '../../journal/write-to-ledger.handler';
import { operationRefusals } from '../operation-refusals';
import { BulkDto, postTransactions } from '../transaction.dto';
import { bulkExample, linesExample } from '../transaction-examples';
import { bodyLines } from './body-lines';
import { inOrder } from './in-order';
import { LinePoster } from './line-poster';
import { ledgerParameter } from '../../ledgers/ledger-parameter';

@Controller()
export class BulkController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(apiLogPort) private readonly log: ApiLog,
    @Inject(sealedMetadataPort) private readonly metadata: SealedMetadata,
    @Inject(trialsPort) private readonly trials: BeginTrials,
  ) {}

  @Endpoint({
    method: 'POST',
    path: '/v1/ledgers/:ledger/transactions/bulk',
    parameters: [ledgerParameter],
    operation: 'postTransactions',
    tag: 'Transactions',
    summary: 'Post many transactions',
    description:
      'JSON: up to 10,000 transactions; `atomic` all or none, otherwise one result for each, in order; earlier ones are visible to later ones. What is `atomic` is stored at once: a bulk that is larger than the event store takes is `bulk_too_large`, which says both sizes. Otherwise it is stored in as many parts as that takes; after an unknown outcome the same Idempotency-Key completes it. `application/x-ndjson`: one transaction per line, any number of lines; the answer has one line for each, in order, as soon as it is known: a transaction, or a problem with its `line`. Each line is a command of its own; an Idempotency-Key counts for each line by its number, and no other request of the ledger has it. A repetition has `Idempotency-Replayed: true` and the results of before; lines that the first request did not reach are posted. A dry run judges each transaction with what those before it did, over the ledger as it was when the request came; one of lines holds in memory what they did, and beyond its share of that they are `dry_run_too_large`. Read the answer while you write: what is not read holds back what is sent.',
    scope: 'ledger:write',
    kind: 'command',
    body: BulkDto,
    bodyBytesMax: bulkBodyBytesMax,
    takesNdjson: true,
    answer: {
      status: 201,
      schema: bulkAnswer,
      texts: { 'application/x-ndjson': linesExample },
      description: 'The results, in order. A stream of lines is answered with 200.',
    },
    example: bulkExample,
    refusals: operationRefusals.postTransactions,
  })
  post(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return isNdjson(request)
      ? this.stream(request, reply)
      : submitToLedger(this.commands, postTransactions(bodyOf<BulkDto>(request)), request, reply);
  }

  private async stream(request: ApiRequest, reply: FastifyReply): Promise<void> {
    await this.models.check(readerOf(request));
    const { organizationId } = principalOf(request);
    const trial = isDryRun(request) ? this.trials.begin(organizationId, { mayIdle: true }) : undefined;
    if (trial !== undefined) whenGone(reply, () => trial.close());
    const poster = new LinePoster(this.commands, this.log, request, this.metadata, trial);
    await poster.claimKey();
    const lines = slicesOfProcess.of(organizationId, bodyLines(request.body as AsyncIterable<Buffer>));
    const results = inOrder(lines, (line) => poster.post(line), {
      itemsMax: ndjsonLinesInFlightMax,
      bytesMax: ndjsonBytesInFlightMax,
    });
    void reply.code(200).header('content-type', 'application/x-ndjson; charset=utf-8');
    void reply.send(Readable.from(withMark(results, poster, reply), { objectMode: false }));
  }
}

/** The header of a replay goes out with the first result, which shows whether it is one. */
async function* withMark(
  results: AsyncIterable<string>,
  poster: LinePoster,
  { raw }: FastifyReply,
): AsyncGenerator<string> {
  for await (const piece of results) {
    if (!raw.headersSent && poster.isReplay) raw.setHeader('Idempotency-Replayed', 'true');
    yield piece;
  }
}
