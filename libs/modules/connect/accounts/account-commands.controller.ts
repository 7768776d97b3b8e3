import { connectCommandRefusals, connectedAccountAnswer } from '@fintech-ledger/connect/domain';
import { except } from '@fintech-ledger/contract';
import { bodyOf, Endpoint, isLive, pathParameter, principalOf } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { connectedAccountNotFound, ibanInvalid } from '@fintech-ledger/payments/domain';
import { actsAlone } from '@fintech-ledger/payments/nest';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CreateConnectedAccountDto, UpdateConnectedAccountDto } from './account.dto';
import { creationOf, requirementsOf, updateOf } from './account-commands-of';
import { accountParameter } from './account-rules';
import { AccountWriter } from './account-writer';
import { RequirementsDto } from './requirements.dto';

const command = { tag: 'Connected accounts', scope: 'connect:write', kind: 'command' } as const;
const post = { ...command, method: 'POST', parameters: [accountParameter] } as const;
const path = '/v1/connected_accounts/:account';
const answer = { status: 200, schema: connectedAccountAnswer, description: 'The connected account.' };
const refusalsOf = (type: keyof typeof connectCommandRefusals) => [
  ...except(connectCommandRefusals[type], connectedAccountNotFound),
  ...actsAlone,
];

@Controller()
export class AccountCommandsController {
  constructor(@Inject(AccountWriter) private readonly writer: AccountWriter) {}

  @Endpoint({
    ...command,
    method: 'POST',
    path: '/v1/connected_accounts',
    operation: 'createConnectedAccount',
    summary: 'Create a connected account',
    description:
      'What it has to give before its capabilities are active is in `requirements`. What is personal is encrypted ' +
      'with a key of this account from the first event on. Profile and metadata are kept as they are.',
    body: CreateConnectedAccountDto,
    answer: { ...answer, status: 201 },
    example: {
      type: 'individual',
      country: 'DE',
      default_currency: 'EUR',
      email: 'jenny@example.com',
      capabilities: { payments: { requested: true }, payouts: { requested: true } },
    },
    refusals: [...connectCommandRefusals.CreateConnectedAccount, ...actsAlone],
  })
  create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const body = bodyOf<CreateConnectedAccountDto>(request);
    const livemode = isLive(principalOf(request));
    return this.writer.create(request, reply, ['email'], (ids, fields) =>
      creationOf(body, { ...ids, livemode }, fields),
    );
  }

  @Endpoint({
    ...command,
    method: 'PATCH',
    path,
    parameters: [accountParameter],
    operation: 'updateConnectedAccount',
    summary: 'Change a connected account',
    body: UpdateConnectedAccountDto,
    answer,
    example: { payout_schedule: { interval: 'weekly', weekly_anchor: 'friday' } },
    refusals: refusalsOf('UpdateConnectedAccount'),
  })
  update(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const [id, body] = [pathParameter(request, 'account'), bodyOf<UpdateConnectedAccountDto>(request)];
    return this.writer.change(request, reply, id, ['email'], (fields) => updateOf(id, body, fields));
  }

  @Endpoint({
    ...post,
    path: `${path}/requirements`,
    operation: 'provideRequirements',
    summary: 'Give what a connected account has to',
    description:
      'All at once, or in parts. In a sandbox it is verified at once, in a live environment by `verify`. All is kept ' +
      'encrypted, but when the terms were accepted.',
    body: RequirementsDto,
    answer,
    example: {
      individual: { first_name: 'Jenny', last_name: 'Rosen', birth_date: '1990-01-31' },
      bank_account: { iban: 'DE89 3704 0044 0532 0130 00', account_holder: 'Jenny Rosen' },
      tos_acceptance: { accepted: true },
    },
    refusals: [...refusalsOf('ProvideRequirements'), ibanInvalid],
  })
  async provide(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const [id, body] = [pathParameter(request, 'account'), bodyOf<RequirementsDto>(request)];
    const personal = ['individual', 'company', 'bank_account'];
    await this.writer.refuseFutureBirth(request, body.individual?.birth_date);
    return this.writer.change(request, reply, id, personal, (fields) => requirementsOf(id, body, fields));
  }

  @Endpoint({
    ...post,
    scope: 'connect:admin',
    path: `${path}/verify`,
    operation: 'verifyConnectedAccount',
    summary: 'Say that a connected account is verified',
    description:
      'In a live environment nothing is verified automatically: the platform checks what the account has given, ' +
      'and says so. What it gives after that, a further bank account too, has to be verified again.',
    answer,
    refusals: refusalsOf('VerifyConnectedAccount'),
  })
  verify(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const accountId = pathParameter(request, 'account');
    return this.writer.write(request, reply, { type: 'VerifyConnectedAccount', accountId });
  }

  @Endpoint({
    ...post,
    path: `${path}/suspend`,
    operation: 'suspendConnectedAccount',
    summary: 'Suspend a connected account',
    description: 'Its capabilities are inactive until it is reinstated.',
    answer,
    refusals: refusalsOf('SuspendConnectedAccount'),
  })
  suspend(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const accountId = pathParameter(request, 'account');
    return this.writer.write(request, reply, { type: 'SuspendConnectedAccount', accountId });
  }

  @Endpoint({
    ...post,
    path: `${path}/reinstate`,
    operation: 'reinstateConnectedAccount',
    summary: 'Reinstate a connected account',
    answer,
    refusals: refusalsOf('ReinstateConnectedAccount'),
  })
  reinstate(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const accountId = pathParameter(request, 'account');
    return this.writer.write(request, reply, { type: 'ReinstateConnectedAccount', accountId });
  }

  @Endpoint({
    ...post,
    path: `${path}/close`,
    operation: 'closeConnectedAccount',
    summary: 'Close a connected account',
    description: 'For good. It has to have no money left, and to owe none. It can still be read.',
    answer,
    refusals: refusalsOf('CloseConnectedAccount'),
  })
  close(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const accountId = pathParameter(request, 'account');
    return this.writer.write(request, reply, { type: 'CloseConnectedAccount', accountId });
  }

  @Endpoint({
    ...post,
    scope: 'connect:admin',
    path: `${path}/erase`,
    operation: 'eraseConnectedAccount',
    summary: 'Forget what is personal of a connected account',
    description:
      'Of one that is closed, for good: its key is destroyed, so e-mail address, names, birth date, registration ' +
      'number, addresses, IBANs and their holders are null wherever it is shown, as of earlier times and in events ' +
      'too. Profile and metadata stay. Files of payouts to it can not be made again.',
    answer,
    refusals: refusalsOf('EraseConnectedAccount'),
  })
  erase(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.writer.erase(request, reply, pathParameter(request, 'account'));
  }
}
