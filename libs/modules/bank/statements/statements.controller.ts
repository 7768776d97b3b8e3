import {
  bankStatementNotFound,
  bankStatementPage,
  bankStatementShape,
  statementImportShape,
  statementMalformed,
  statementNotSupported,
  statementUnbalanced,
} from '@fintech-ledger/bank/domain';
import {
  commandContext,
  Endpoint,
  isLive,
  pageOf,
  PageQuery,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
  sendJson,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { historyPage } from '@fintech-ledger/payments/domain';
import { actsAlone, refuseConnectedAccount } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BankAsOfQuery } from '../lines/bank-line.dto';
import { BankReads } from '../lines/bank-reads';
import { readStatements } from './read-file';
import { statementExample } from './statement-example';
import { BankStatementsQuery, statementParameter } from './statement.dto';
import { importRefusals, StatementImports } from './statement-imports';

const tag = 'Bank transfers';
const path = '/v1/bank_statements';
const read = { method: 'GET', tag, scope: 'payments:read', kind: 'read', refusals: actsAlone } as const;
const one = { path: `${path}/:statement`, parameters: [statementParameter] };

@Controller()
export class BankStatementsController {
  constructor(
    @Inject(StatementImports) private readonly imports: StatementImports,
    @Inject(BankReads) private readonly reads: BankReads,
  ) {}

  @Endpoint({
    method: 'POST',
    tag,
    path,
    operation: 'importBankStatements',
    summary: 'Import bank statements',
    description:
      'A file of camt.053.001.02 or .08, of at most 16 MiB, with the statements of one account or of several. All ' +
      'are judged before anything is booked. A booked line pays the payment whose reference it names, or the one ' +
      'that waits for its amount of a customer of its name; what does not match is parked. A statement that was ' +
      'imported before, by its account and its id, changes nothing: 200, where all were. An import that was ' +
      'interrupted goes on when the file is sent again. With an Idempotency-Key the same file, byte for byte, gets ' +
      'the first answer again.',
    scope: 'payments:admin',
    kind: 'command',
    use: 'imports',
    takesFiles: { 'application/xml': statementExample },
    answer: { status: 201, schema: statementImportShape, description: 'What was imported.' },
    refusals: [
      ...[statementMalformed, statementNotSupported, statementUnbalanced],
      ...importRefusals,
      ...actsAlone,
    ],
    problems: ['missing_body'],
  })
  async import(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    refuseConnectedAccount(request);
    const principal = principalOf(request);
    const file = await readStatements(request, principal.organizationId);
    const context = commandContext(request, { file: file.digest });
    const importer = { context, livemode: isLive(principal) };
    const { statements, isReplay } = await this.imports.import(file.statements, importer);
    const isNew = statements.some(({ view }) => view.imported_before !== true);
    const position = statements.at(-1)?.position ?? '';
    if (isReplay) void reply.header('Idempotency-Replayed', 'true');
    void reply.code(isNew ? 201 : 200).header('Ledger-Position', position);
    sendJson(reply, {
      object: 'bank_statement_import',
      statements: statements.map(({ view }) => view),
      position,
      ...(context.dryRun && !isReplay && { dry_run: true }),
    });
  }

  @Endpoint({
    ...read,
    path,
    operation: 'listBankStatements',
    summary: 'List bank statements, newest import first',
    description: '`from` is inclusive, `to` exclusive.',
    query: BankStatementsQuery,
    answer: { status: 200, schema: bankStatementPage, description: 'A page of statements.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<BankStatementsQuery>(request);
    const { bank_account: bankAccount } = query;
    const filter = { ...windowMs(query), ...(bankAccount !== undefined && { bankAccount }) };
    const answer = await this.reads.statements(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getBankStatement',
    summary: 'Get a bank statement',
    query: BankAsOfQuery,
    answer: { status: 200, schema: bankStatementShape, description: 'The statement.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.statement(request, pathParameter(request, 'statement'));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getBankStatementHistory',
    summary: 'List what happened to a bank statement, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const [page, id] = [pageOf(queryOfRequest<PageQuery>(request)), pathParameter(request, 'statement')];
    const answer = await this.reads.history(request, id, page, bankStatementNotFound);
    sendAnswer(reply, answer, answer.ledgerId);
  }
}
