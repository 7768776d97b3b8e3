import { accountAnswer } from '../views/account';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { except, scopeBeyondOwn } from '@fintech-ledger/contract';
import { bulkTooLarge } from '@fintech-ledger/journal';
import { bodyOf, pathParameter, Endpoint } from '@fintech-ledger/http';
import type { ApiRequest, EndpointOptions } from '@fintech-ledger/http';
import { submitToLedger } from '../journal/write-to-ledger.handler';
import type { OperationsOf } from '../journal/write-to-ledger.handler';
import { amendAccount, AmendAccountDto, openAccount, OpenAccountDto } from './account.dto';
import { accountParameter } from './account-parameter';
import { ledgerParameter } from '../ledgers/ledger-parameter';
import { commandRefusals, unknownCurrency, withdrawnCurrency } from '@fintech-ledger/ledger/domain';
import type { AccountCommand, StatusCommandType } from '@fintech-ledger/ledger/domain';

const answer = { status: 200, schema: accountAnswer, description: 'The account.' } as const;

function statusChange(
  verb: string,
  summary: string,
  refusals: EndpointOptions['refusals'] & {},
): EndpointOptions {
  return {
    method: 'POST',
    path: `/v1/ledgers/:ledger/accounts/:address/${verb}`,
    parameters: [ledgerParameter, accountParameter],
    operation: `${verb}Account`,
    tag: 'Accounts',
    summary,
    scope: 'ledger:admin',
    kind: 'command',
    answer,
    // The scope of these is asked for before.
    refusals: except(refusals, scopeBeyondOwn),
  };
}

@Controller()
export class AccountCommandsController implements OperationsOf<AccountCommand> {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Endpoint({
    method: 'POST',
    path: '/v1/ledgers/:ledger/accounts',
    parameters: [ledgerParameter],
    operation: 'openAccount',
    tag: 'Accounts',
    summary: 'Open an account',
    description:
      '`min_balance` bounds the available balance in the normal direction, `max_balance` the posted one.',
    scope: 'ledger:write',
    kind: 'command',
    body: OpenAccountDto,
    answer: { ...answer, status: 201 },
    example: {
      address: 'merchants:acme:payable',
      type: 'liability',
      currency: 'USD',
      min_balance: '0',
      max_balance: null,
      metadata: { merchant: 'acme' },
    },
    refusals: [...commandRefusals.OpenAccount, unknownCurrency, withdrawnCurrency, bulkTooLarge],
  })
  open(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return submitToLedger(this.commands, openAccount(bodyOf<OpenAccountDto>(request)), request, reply);
  }

  @Endpoint({
    method: 'PATCH',
    path: '/v1/ledgers/:ledger/accounts/:address',
    parameters: [ledgerParameter, accountParameter],
    operation: 'amendAccount',
    tag: 'Accounts',
    summary: 'Change the bounds and the metadata of an account',
    description:
      'What is absent stays as it is. Metadata is merged; null removes a key. Bounds need the scope `ledger:admin`.',
    scope: 'ledger:write',
    kind: 'command',
    body: AmendAccountDto,
    answer,
    example: { min_balance: '-50000', metadata: { tier: 'gold' } },
    refusals: [...commandRefusals.AmendAccount, bulkTooLarge],
  })
  amend(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const command = amendAccount(pathParameter(request, 'address'), bodyOf<AmendAccountDto>(request));
    return submitToLedger(this.commands, command, request, reply);
  }

  @Endpoint(
    statusChange('freeze', 'Freeze an account: nothing is booked to it', commandRefusals.FreezeAccount),
  )
  freeze(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.change('FreezeAccount', request, reply);
  }

  @Endpoint(statusChange('unfreeze', 'Unfreeze an account', commandRefusals.UnfreezeAccount))
  unfreeze(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.change('UnfreezeAccount', request, reply);
  }

  @Endpoint(statusChange('close', 'Close an account that holds nothing', commandRefusals.CloseAccount))
  close(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.change('CloseAccount', request, reply);
  }

  @Endpoint(statusChange('reopen', 'Reopen a closed account', commandRefusals.ReopenAccount))
  reopen(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.change('ReopenAccount', request, reply);
  }

  private change(type: StatusCommandType, request: ApiRequest, reply: FastifyReply): Promise<void> {
    const address = pathParameter(request, 'address');
    return submitToLedger(this.commands, { type, address }, request, reply);
  }
}
