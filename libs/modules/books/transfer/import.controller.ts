import { PassThrough } from 'node:stream';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ReadModels } from '@fintech-ledger/ledger';
import {
  apiLogPort,
  Authenticator,
  keptAnswersPort,
  pathParameter,
  queryOfRequest,
  commandContext,
  principalOf,
  Endpoint,
  readerOf,
  slicesOfProcess,
  traceFacts,
  triedIn,
  ApiProblem,
} from '@fintech-ledger/http';
import type { ApiLog, ApiRequest, KeptAnswers } from '@fintech-ledger/http';
import { dryRunTooLarge } from '@fintech-ledger/journal';
import type { BeginTrials } from '@fintech-ledger/journal';
import { trialsPort } from '@fintech-ledger/projection-runtime';
import { importRefusals, importShape } from '@fintech-ledger/books/formats';
import type { SpooledFile } from '@fintech-ledger/books/formats';
import { BooksOfLedger, type BooksDeps } from './books-of-ledger';
import { booksDepsPort } from './books-deps-port';
import { answerOf, answerOfError, progressLine, type ImportAnswer } from './import-answer';
import { importFormatOf, type ImportRun } from './import-format';
import { importOnce } from './import-once';
import { OngoingImports } from './ongoing-imports';
import { Spool } from './spool';
import { importExamples, progressExample } from './transfer-examples';
import { ImportQuery } from './transfer.dto';
import { ledgerParameter } from '@fintech-ledger/ledger';

@Controller()
export class ImportController {
  constructor(
    @Inject(booksDepsPort) private readonly deps: BooksDeps,
    @Inject(ReadModels) private readonly models: ReadModels,
    @Inject(OngoingImports) private readonly imports: OngoingImports,
    @Inject(Spool) private readonly spool: Spool,
    @Inject(keptAnswersPort) private readonly kept: KeptAnswers,
    @Inject(apiLogPort) private readonly log: ApiLog,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(trialsPort) private readonly trials: BeginTrials,
  ) {}

  @Endpoint({
    method: 'POST',
    path: '/v1/ledgers/:ledger/imports',
    parameters: [ledgerParameter],
    operation: 'importBooks',
    tag: 'Import and export',
    summary: 'Import books',
    description:
      'The body is an export of ours (`application/x-ndjson`) or CSV with one posting a line (`text/csv`), of any length. CSV: `columns` says which column is what (`transaction=txnidx,date=date,account=account,amount=amount,unit=commodity`, and perhaps `description`, `reference`, `type`, `address`); lines with one transaction value are one transaction, a positive amount is a debit, accounts are opened on first sight with the type that their first segment says; commas, semicolons or tabs part the fields. `units` says what units are booked as and, where they are new, with how many decimals (`MRO=MRO.STOCK,TOK=TOK/18`; without that with 8, or more where the file has more), `types` what first segments mean (`Aktiva=asset`), `decimal_mark` and `date_order` how numbers and dates are written where the file as a whole does not show it. `position` is the last one of the journal of the ledger when the import was done. An import is idempotent: run twice, it adds nothing; under an Idempotency-Key it has its first answer again. A dry run judges each line with what those before it did, over the ledger as it was when the request came; it holds in memory what they did, and beyond its share of that the file is `dry_run_too_large`. A transaction with an error is skipped whole, and `errors` names its line; the others are booked. Lines that change bounds, freeze or close accounts need the scope `ledger:admin`, and so does what an export marks with `"judged": false` where bounds or the status of an account would refuse it: it had happened. With `Accept: application/x-ndjson` the answer has lines of progress before it.',
    scope: 'ledger:write',
    kind: 'command',
    use: 'imports',
    query: ImportQuery,
    takesFiles: importExamples,
    answer: {
      status: 200,
      schema: importShape,
      texts: { 'application/x-ndjson': progressExample },
      description: 'What was imported.',
    },
    // What is tried is held in memory.
    refusals: [...importRefusals, dryRunTooLarge],
    problems: ['invalid_position', 'too_many_streams'],
  })
  async import(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.models.check(readerOf(request));
    const wantsProgress = request.headers.accept?.includes('application/x-ndjson') === true;
    await this.imports.run((controller) => {
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished)
          controller.abort(new ApiProblem('malformed_request', 'The client left.'));
      });
      return wantsProgress
        ? this.withProgress(request, reply, controller)
        : this.plain(request, reply, controller);
    });
  }

  private async plain(request: ApiRequest, reply: FastifyReply, { signal }: AbortController): Promise<void> {
    const answer = await this.answer(request, signal);
    request.problemCode = problemCodeOf(answer);
    send(reply, answer);
  }

  private async withProgress(
    request: ApiRequest,
    reply: FastifyReply,
    { signal }: AbortController,
  ): Promise<void> {
    const lines = new PassThrough();
    const write = (line: object): void => void lines.write(`${JSON.stringify(line)}\n`);
    void reply.header('content-type', 'application/x-ndjson; charset=utf-8').send(lines);
    const answer = await this.answer(request, signal, (progress) => write(progressLine(progress)));
    request.problemCode = problemCodeOf(answer);
    write(answer.body);
    lines.end();
  }

  private async answer(
    request: ApiRequest,
    signal: AbortSignal,
    onProgress?: ImportRun['onProgress'],
  ): Promise<ImportAnswer> {
    try {
      const query = queryOfRequest<ImportQuery>(request);
      const format = importFormatOf(request, query);
      const {
        idempotencyKey: _k,
        requestHash: _h,
        askedAtMs: _t,
        ...context
      } = commandContext(request, null);
      const ledger = pathParameter(request, 'ledger');
      const run: ImportRun = {
        isTrial: context.dryRun,
        allowOverdraft: principalOf(request).allowed.has('ledger:admin'),
        signal,
        judge: this.deps.judge,
        ...(onProgress === undefined ? {} : { onProgress }),
      };
      // What has the content type of a file is read as a stream, also where it is empty.
      const body = request.body as AsyncIterable<Buffer>;
      const { organizationId } = principalOf(request);
      const inSlices = ({ bytes, read }: SpooledFile): SpooledFile => ({
        bytes,
        read: () => slicesOfProcess.of(organizationId, read()),
      });
      return await this.spool.keep(body, (spooled) => {
        const file = inSlices(spooled);
        const confirm = (): Promise<void> => this.authenticator.confirm(principalOf(request));
        return importOnce(this.kept, this.log, { request, ledger, query, file, confirm }, async (key) => {
          const trial = context.dryRun ? this.trials.begin(organizationId) : undefined;
          try {
            const asked = trial === undefined ? context : triedIn(trial, context);
            const books = new BooksOfLedger(this.deps, ledger, asked, key);
            return answerOf(await format(file, books, run), request.id);
          } finally {
            trial?.close();
          }
        });
      });
    } catch (error) {
      const answer = answerOfError(error, request.id);
      if (answer !== undefined) return answer;
      const facts = { err: error, request_id: request.id, ...traceFacts(request) };
      this.log.error(facts, 'bug while importing');
      const bug = new ApiProblem('internal_error', 'A bug of ours; it was logged.');
      return {
        status: 500,
        contentType: 'application/problem+json; charset=utf-8',
        body: bug.body(request.id),
      };
    }
  }
}

function problemCodeOf({ status, body }: ImportAnswer): string | null {
  const { code } = body as { readonly code?: string };
  return status < 400 || code === undefined ? null : code;
}

function send(reply: FastifyReply, { status, contentType, body, position, isReplayed }: ImportAnswer): void {
  if (isReplayed === true) void reply.header('Idempotency-Replayed', 'true');
  if (position !== undefined) void reply.header('Ledger-Position', position);
  void reply.code(status).header('content-type', contentType).send(JSON.stringify(body));
}
