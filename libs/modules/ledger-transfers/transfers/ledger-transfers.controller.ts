import { except, refused } from '@fintech-ledger/contract';
import { journalStream } from '@fintech-ledger/envelope';
import {
  bodyOf,
  commandContext,
  Endpoint,
  isLive,
  pageOf,
  PageQuery,
  pathParameter,
  principalOf,
  queryOfRequest,
  sendAnswer,
  sendOutcome,
  windowMs,
} from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { envelope } from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway } from '@fintech-ledger/journal';
import { LedgerDirectory, ledgerParameter } from '@fintech-ledger/ledger';
import { balanceAboveMaximum, sortedMetadata } from '@fintech-ledger/ledger/domain';
import {
  ledgerTransferAnswer,
  ledgerTransferCommandRefusals,
  ledgerTransferNotFound,
  ledgerTransferPage,
  ledgerTransferShape,
  transferHistoryPage,
} from '@fintech-ledger/ledger-transfers/domain';
import type { LedgerTransferCommand } from '@fintech-ledger/ledger-transfers/domain';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  CreateLedgerTransferDto,
  ledgerTransferParameter,
  LedgerTransferQuery,
  LedgerTransfersQuery,
  UpdateLedgerTransferDto,
} from './ledger-transfer.dto';
import { LedgerTransferReads } from './ledger-transfer-reads';

const tag = 'Ledger transfers';
const read = { method: 'GET', tag, scope: 'ledger:read', kind: 'read' } as const;
const write = { tag, scope: 'ledger:write', kind: 'command' } as const;
const one = { path: '/v1/ledger_transfers/:transfer', parameters: [ledgerTransferParameter] };

@Controller()
export class LedgerTransfersController {
  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(LedgerDirectory) private readonly directory: LedgerDirectory,
    @Inject(LedgerTransferReads) private readonly reads: LedgerTransferReads,
  ) {}

  @Endpoint({
    ...write,
    method: 'POST',
    path: '/v1/ledger_transfers',
    operation: 'createLedgerTransfer',
    summary: 'Move money to another ledger',
    description:
      'It leaves its account at once, or is refused. Then the other ledger receives it (`settled`), or declines it, ' +
      'and the account has it back (`reversed`, with `failure_code`). The idempotency key is one of the ledger that ' +
      'the money leaves.',
    body: CreateLedgerTransferDto,
    answer: { status: 201, schema: ledgerTransferAnswer, description: 'The transfer.' },
    example: {
      from: { ledger: 'led_1', account: 'treasury:cash' },
      to: { ledger: 'led_2', account: 'branch:cash' },
      amount: '250000',
      currency: 'USD',
      description: 'Funding of the branch',
    },
    // What leaves an account does not raise its balance.
    refusals: [
      ledgerParameter.refusal,
      ...except(ledgerTransferCommandRefusals.CreateLedgerTransfer, balanceAboveMaximum),
    ],
  })
  async create(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const {
      amount,
      currency,
      description = null,
      from,
      metadata,
      to,
    } = bodyOf<CreateLedgerTransferDto>(request);
    const context = commandContext(request);
    const principal = principalOf(request);
    const places = { from, to };
    const managedBy: { from: string | null; to: string | null } = { from: null, to: null };
    for (const name of ['from', 'to'] as const) {
      const { ledger } = places[name];
      const found = await this.directory.find(principal.organizationId, ledger);
      if (found === undefined) {
        const why = refused(ledgerParameter.refusal, `There is no ledger ${ledger}.`, `/${name}/ledger`);
        return sendOutcome(reply, why, principal.organizationId);
      }
      managedBy[name] = found.managed ?? null;
    }
    await this.submit(context, reply, from.ledger, {
      type: 'CreateLedgerTransfer',
      from: { account: from.account, ledger: from.ledger },
      to: { account: to.account, ledger: to.ledger },
      ...{ amount, currency, description, managedBy },
      livemode: isLive(principal),
      metadata: sortedMetadata(metadata),
    });
  }

  @Endpoint({
    ...write,
    ...one,
    method: 'PATCH',
    operation: 'updateLedgerTransfer',
    summary: 'Describe a transfer between ledgers otherwise',
    body: UpdateLedgerTransferDto,
    answer: { status: 200, schema: ledgerTransferAnswer, description: 'The transfer.' },
    example: { metadata: { quarter: '2026-1' } },
    refusals: except(ledgerTransferCommandRefusals.UpdateLedgerTransfer, ledgerTransferNotFound),
  })
  async update(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const { description, metadata } = bodyOf<UpdateLedgerTransferDto>(request);
    const context = commandContext(request);
    const transferId = pathParameter(request, 'transfer');
    const ledgerId = await this.reads.ledgerToChange(request, transferId);
    await this.submit(context, reply, ledgerId, {
      type: 'UpdateLedgerTransfer',
      transferId,
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata }),
    });
  }

  @Endpoint({
    ...read,
    path: '/v1/ledger_transfers',
    operation: 'listLedgerTransfers',
    summary: 'List transfers between ledgers, newest first',
    description:
      'Of all ledgers. `from` is inclusive, `to` exclusive. `Ledger-Min-Position` is one of the organization, or of ' +
      'one of its ledgers.',
    query: LedgerTransfersQuery,
    isExpensive: ['metadata'],
    answer: { status: 200, schema: ledgerTransferPage, description: 'A page of transfers.' },
  })
  async list(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = queryOfRequest<LedgerTransfersQuery>(request);
    const { currency, from_ledger: fromLedger, metadata, status, to_ledger: toLedger } = query;
    const filter = {
      ...windowMs(query),
      ...(currency !== undefined && { currency }),
      ...(fromLedger !== undefined && { fromLedger }),
      ...(metadata !== undefined && { metadata }),
      ...(status !== undefined && { status }),
      ...(toLedger !== undefined && { toLedger }),
    };
    const answer = await this.reads.transfers(request, filter, pageOf(query));
    sendAnswer(reply, answer, principalOf(request).organizationId);
  }

  @Endpoint({
    ...read,
    ...one,
    operation: 'getLedgerTransfer',
    summary: 'Get a transfer between ledgers',
    query: LedgerTransferQuery,
    answer: { status: 200, schema: ledgerTransferShape, description: 'The transfer.' },
  })
  async get(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.reads.transfer(request, pathParameter(request, 'transfer'));
    sendAnswer(reply, answer, answer.ledgerId);
  }

  @Endpoint({
    ...read,
    path: `${one.path}/history`,
    parameters: one.parameters,
    operation: 'getLedgerTransferHistory',
    summary: 'List what happened to a transfer between ledgers, newest first',
    query: PageQuery,
    answer: {
      status: 200,
      schema: transferHistoryPage,
      description: 'A page of events, each with its entries.',
    },
  })
  async history(@Req() request: ApiRequest, @Res() reply: FastifyReply): Promise<void> {
    const page = pageOf(queryOfRequest<PageQuery>(request));
    const answer = await this.reads.history(request, pathParameter(request, 'transfer'), page);
    sendAnswer(reply, answer, answer.ledgerId);
  }

  private async submit(
    context: CommandContext,
    reply: FastifyReply,
    ledgerId: string,
    command: LedgerTransferCommand,
  ): Promise<void> {
    const outcome = await this.gateway.submit(envelope(journalStream(ledgerId), command, context));
    sendOutcome(reply, outcome, ledgerId);
  }
}
