import { bankAccountsAnswer, bankAccountsShape, bankCommandRefusals } from '@fintech-ledger/bank/domain';
import { ApiProblem, bodyOf, Endpoint, sendAnswer } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { ibanInvalid, isIban, plainIban } from '@fintech-ledger/payments/domain';
import { actsAlone } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BankReads } from '../lines/bank-reads';
import { BankAsOfQuery } from '../lines/bank-line.dto';
import { BankWriter } from '../lines/bank-writer';
import { PutBankAccountsDto } from './bank-account.dto';

const tag = 'Bank transfers';
const path = '/v1/bank_accounts';
const ofAccounts = { livemodeOf: 'bank_accounts' } as const;

@Controller()
export class OwnBankAccountsController {
  constructor(
    @Inject(BankWriter) private readonly writer: BankWriter,
    @Inject(BankReads) private readonly reads: BankReads,
  ) {}

  @Endpoint({
    method: 'GET',
    tag,
    path,
    operation: 'getBankAccounts',
    summary: 'Get the bank accounts of the environment',
    description: 'A sandbox that was told of none has a test account, which takes every currency.',
    scope: 'payments:read',
    kind: 'read',
    query: BankAsOfQuery,
    answer: { status: 200, schema: bankAccountsShape, description: 'The bank accounts.', ...ofAccounts },
    refusals: actsAlone,
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.accounts(request);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    method: 'PUT',
    tag,
    path,
    operation: 'putBankAccounts',
    summary: 'Say the bank accounts of the environment',
    description:
      'Transfers come in on these, and statements are taken of these; others are forgotten. Payments that wait ' +
      'already go on showing what they showed. Those with the purpose `payout` are where payouts go: nobody is asked ' +
      'to pay on them, and their statements are not taken.',
    scope: 'payments:admin',
    kind: 'command',
    body: PutBankAccountsDto,
    answer: { status: 200, schema: bankAccountsAnswer, description: 'The bank accounts.', ...ofAccounts },
    example: {
      bank_accounts: [
        { iban: 'DE89 3704 0044 0532 0130 00', account_holder: 'Example Shop Ltd', currency: 'EUR' },
      ],
    },
    refusals: [ibanInvalid, ...bankCommandRefusals.PutBankAccounts, ...actsAlone],
  })
  async put(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { bank_accounts: said } = bodyOf<PutBankAccountsDto>(request);
    const accounts = said.map(
      ({ account_holder: accountHolder, bic = null, currency = null, iban, purpose }) => ({
        ...{ accountHolder, bic, currency },
        iban: plainIban(iban),
        ...(purpose === 'payout' && { purpose }),
      }),
    );
    const wrong = accounts.findIndex(({ iban }) => !isIban(iban));
    if (wrong >= 0)
      throw new ApiProblem(ibanInvalid, 'The check digits of the IBAN are wrong.', {
        param: `/bank_accounts/${wrong}/iban`,
      });
    await this.writer.write(request, reply, { type: 'PutBankAccounts', accounts });
  }
}
