import {
  bankAccountAnswer,
  bankAccountPage,
  connectCommandRefusals,
  showBankAccount,
} from '@fintech-ledger/connect/domain';
import { except } from '@fintech-ledger/contract';
import { bodyOf, Endpoint, pageOf, pathParameter, queryOfRequest, sendAnswer } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { connectedAccountNotFound, ibanInvalid } from '@fintech-ledger/payments/domain';
import { actsAlone } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BankAccountsQuery } from './account.dto';
import { bankAccountOf } from './account-commands-of';
import { AccountReads } from './account-reads';
import { accountParameter, bankAccountParameter } from './account-rules';
import { AccountWriter } from './account-writer';
import { pageOfBankAccounts } from './page-of-bank-accounts';
import { BankAccountDto } from './requirements.dto';

const tag = 'Connected accounts';
const command = { method: 'POST', tag, scope: 'connect:write', kind: 'command' } as const;
const path = '/v1/connected_accounts/:account/bank_accounts';

const ofAccount = { livemodeOf: 'itself' } as const;

@Controller()
export class BankAccountsController {
  constructor(
    @Inject(AccountWriter) private readonly writer: AccountWriter,
    @Inject(AccountReads) private readonly reads: AccountReads,
  ) {}

  @Endpoint({
    ...command,
    path,
    parameters: [accountParameter],
    operation: 'addBankAccount',
    summary: 'Add a bank account',
    description: 'Kept encrypted. The first one is the default. In a sandbox it is verified at once.',
    body: BankAccountDto,
    answer: { status: 201, schema: bankAccountAnswer, description: 'The bank account.', ...ofAccount },
    example: { iban: 'DE89 3704 0044 0532 0130 00', account_holder: 'Jenny Rosen' },
    refusals: [
      ...except(connectCommandRefusals.AddBankAccount, connectedAccountNotFound),
      ibanInvalid,
      ...actsAlone,
    ],
  })
  add(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const [id, body] = [pathParameter(request, 'account'), bodyOf<BankAccountDto>(request)];
    const personal = ['iban', 'account_holder'];
    return this.writer.change(request, reply, id, personal, (fields) => bankAccountOf(id, body, fields));
  }

  @Endpoint({
    method: 'GET',
    tag,
    scope: 'connect:read',
    kind: 'read',
    path,
    parameters: [accountParameter],
    operation: 'listBankAccounts',
    summary: 'List the bank accounts of a connected account, newest first',
    query: BankAccountsQuery,
    answer: { status: 200, schema: bankAccountPage, description: 'A page of them.', livemodeOf: 'data' },
    refusals: actsAlone,
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const id = pathParameter(request, 'account');
    const { result, ...at } = await this.reads.object(request, id);
    const page = pageOf(queryOfRequest<BankAccountsQuery>(request));
    const { data, ...more } = pageOfBankAccounts(result.facts.bankAccounts, page);
    const shown = data.map((each) => showBankAccount(each, id));
    const answer = await this.reads.opened(request, { ...at, result: { data: shown, ...more } });
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...command,
    path: `${path}/:bankAccount/default`,
    parameters: [accountParameter, bankAccountParameter],
    operation: 'makeBankAccountDefault',
    summary: 'Make a bank account the default',
    description: 'Payouts go there that name none.',
    answer: { status: 200, schema: bankAccountAnswer, description: 'The bank account.', ...ofAccount },
    refusals: [
      ...except(connectCommandRefusals.MakeBankAccountDefault, connectedAccountNotFound),
      ...actsAlone,
    ],
  })
  makeDefault(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.writer.write(request, reply, {
      type: 'MakeBankAccountDefault',
      accountId: pathParameter(request, 'account'),
      bankAccountId: pathParameter(request, 'bankAccount'),
    });
  }
}
