import {
  bankCommandRefusals,
  bankLineAnswer,
  bankLineNotFound,
  bankLinePage,
  bankLineShape,
} from '@fintech-ledger/bank/domain';
import { except } from '@fintech-ledger/contract';
import {
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
import { historyPage } from '@fintech-ledger/payments/domain';
import { actsAlone } from '@fintech-ledger/payments/nest';
import { bulkTooLarge } from '@fintech-ledger/journal';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BankAsOfQuery, bankLineParameter, BankLinesQuery, MatchBankLineDto } from './bank-line.dto';
import { BankReads } from './bank-reads';
import { BankWriter } from './bank-writer';
import { matchOf } from './match-of';

const tag = 'Bank transfers';
const read = { method: 'GET', tag, scope: 'payments:read', kind: 'read', refusals: actsAlone } as const;
const act = { method: 'POST', tag, scope: 'payments:admin', kind: 'command' } as const;
const path = '/v1/bank_statement_lines/:bankLine';
const parameters = [bankLineParameter];
const changed = { status: 200, schema: bankLineAnswer, description: 'The line.' };

@Controller()
export class BankLinesController {
  constructor(
    @Inject(BankWriter) private readonly writer: BankWriter,
    @Inject(BankReads) private readonly reads: BankReads,
  ) {}

  @Endpoint({
    ...read,
    path: '/v1/bank_statement_lines',
    operation: 'listBankStatementLines',
    summary: 'List lines of bank statements, newest first',
    description: '`from` is inclusive, `to` exclusive. What nobody knows the use of yet has `status=parked`.',
    query: BankLinesQuery,
    answer: { status: 200, schema: bankLinePage, description: 'A page of lines.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<BankLinesQuery>(request);
    const { currency, direction, payment, statement, status } = query;
    const filter = {
      ...windowMs(query),
      ...(currency !== undefined && { currency }),
      ...(direction !== undefined && { direction }),
      ...(payment !== undefined && { payment }),
      ...(statement !== undefined && { statement }),
      ...(status !== undefined && { status }),
    };
    const answer = await this.reads.lines(request, filter, pageOf(query));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path,
    parameters,
    operation: 'getBankStatementLine',
    summary: 'Get a line of a bank statement',
    query: BankAsOfQuery,
    answer: { status: 200, schema: bankLineShape, description: 'The line.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.line(request, pathParameter(request, 'bankLine'));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${path}/history`,
    parameters,
    operation: 'getBankStatementLineHistory',
    summary: 'List what happened to a line of a bank statement, newest first',
    query: PageQuery,
    answer: { status: 200, schema: historyPage, description: 'A page of events, each with its entries.' },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(
      request,
      pathParameter(request, 'bankLine'),
      page,
      bankLineNotFound,
    );
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...act,
    path: `${path}/match`,
    parameters,
    operation: 'matchBankStatementLine',
    summary: 'Say what a line was for',
    description:
      'What is left of it is for this payment; if the whole is there with it, that succeeds, and what is too much ' +
      'stays parked. A line that left can be said to be a refund or a payout, of all of its amount, or to give ' +
      'back a line that is `returned`; and one that came to be a refund or a payout that came back. A refund or a ' +
      'payout that is `failed`, and left after all, is made again by it: `refund.created` or `payout.created`, and ' +
      'then `refund.succeeded` or `payout.paid`, are told of it once more. `objects` are several at once, such as ' +
      'the payouts of a file that were carried out; more than a request takes are said in several, each with the ' +
      '`amount` of its own. What a line differs by from what it is for is a fee of a bank: `difference` says it, as ' +
      '`"-100"` of a payout of 10,000 that came back as 9,900. It leaves the platform’s balance, as does a line that ' +
      'left and is `own`.',
    body: MatchBankLineDto,
    answer: changed,
    example: { payment: 'pay_1' },
    refusals: [
      ...except(bankCommandRefusals.ApportionBankLine, bankLineNotFound),
      bulkTooLarge,
      ...actsAlone,
    ],
    problems: ['missing_field'],
  })
  async match(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const said = bodyOf<MatchBankLineDto>(request);
    await this.writer.write(request, reply, matchOf(pathParameter(request, 'bankLine'), said));
  }

  @Endpoint({
    ...act,
    path: `${path}/return`,
    parameters,
    operation: 'returnBankStatementLine',
    summary: 'Return what came in',
    description:
      'What is left of it is to go back to the account that it came from. Tell the bank, with the id of the line as ' +
      'end-to-end id: the statement that has it says `returned_at`.',
    answer: changed,
    refusals: [...except(bankCommandRefusals.ReturnBankLine, bankLineNotFound), ...actsAlone],
  })
  async return(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.writer.write(request, reply, { type: 'ReturnBankLine', ...idOf(request) });
  }

  @Endpoint({
    ...act,
    path: `${path}/cancel_return`,
    parameters,
    operation: 'cancelBankStatementLineReturn',
    summary: 'Say that what came in does not go back',
    description:
      'The bank has not carried the return out, and no statement will have it: what was to go back is parked again. ' +
      'Not of one that has gone back (`returned_at`).',
    answer: changed,
    refusals: [...except(bankCommandRefusals.CancelBankReturn, bankLineNotFound), ...actsAlone],
  })
  async cancelReturn(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.writer.write(request, reply, { type: 'CancelBankReturn', ...idOf(request) });
  }

  @Endpoint({
    ...act,
    path: `${path}/erase`,
    parameters,
    operation: 'eraseBankStatementLine',
    summary: 'Forget what is personal in a line',
    description:
      'Name, account and text of who is at the other end, for good: also in events and in backups.',
    answer: changed,
    refusals: actsAlone,
  })
  erase(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.writer.erase(request, reply, idOf(request).lineId);
  }
}

const idOf = (request: ApiRequest): { readonly lineId: string } => ({
  lineId: pathParameter(request, 'bankLine'),
});
