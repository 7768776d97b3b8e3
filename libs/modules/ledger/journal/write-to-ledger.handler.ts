import { Inject } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import type { ICommandHandler, CommandBus } from '@nestjs/cqrs';
import { journalStream } from '@fintech-ledger/envelope';
import { envelope } from '@fintech-ledger/journal';
import type { CommandGateway, CommandOutcome, CommandContext } from '@fintech-ledger/journal';
import { refused } from '@fintech-ledger/contract';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { termsChanges } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { FastifyReply } from 'fastify';
import { pathParameter, commandContext, sendOutcome } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { allows } from '@fintech-ledger/access/domain';
import { LedgerDirectory } from '../ledgers/ledger-directory';
import type { KnownLedger } from '../ledgers/ledger-directory';
import { UnitUse } from '../ledgers/unit-use';
import { ledgerNotFound } from '../ledgers/ledger-parameter';

/**
 * Hands a command to the writer of a ledger of this organization. Answers with `CommandOutcome`; refusals:
 * `ledger_not_found` and the ledger's.
 */
export class WriteToLedger {
  constructor(
    readonly ledgerId: string,
    readonly command: LedgerCommand,
    readonly context: CommandContext,
  ) {}
}

/** What sends commands to their handlers. */
export type Commands = Pick<CommandBus, 'execute'>;

@CommandHandler(WriteToLedger)
export class WriteToLedgerHandler implements ICommandHandler<WriteToLedger, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(LedgerDirectory) private readonly directory: LedgerDirectory,
    @Inject(UnitUse) private readonly units: UnitUse,
  ) {}

  execute(write: WriteToLedger): Promise<CommandOutcome> {
    // The hot path: one promise, the gateway's own.
    const known = this.directory.known(write.ledgerId);
    return known?.organizationId === write.context.organizationId
      ? this.submit(write, known)
      : this.find(write);
  }

  private async find(write: WriteToLedger): Promise<CommandOutcome> {
    const found = await this.directory.find(write.context.organizationId, write.ledgerId);
    if (found !== undefined) return this.submit(write, found);
    return refused(ledgerNotFound, `There is no ledger ${write.ledgerId}.`);
  }

  private submit(
    { ledgerId, command, context }: WriteToLedger,
    { managed }: KnownLedger,
  ): Promise<CommandOutcome> {
    const allowed = withRights(command, context.scopes);
    const judged = managed === undefined ? allowed : { ...allowed, managed };
    const isImport = context.allowsWithdrawnCurrencies === true;
    const enveloped = envelope(journalStream(ledgerId), isImport ? { ...judged, isImport } : judged, context);
    const gateway = context.trial ?? this.gateway;
    return command.type === 'OpenAccount'
      ? this.units.openAccount(enveloped, command.currency, context.allowsWithdrawnCurrencies, context.trial)
      : gateway.submit(enveloped);
  }
}

/** A controller with an operation for each of these commands, named by its verb: without one it does not compile. */
export type OperationsOf<Command extends { readonly type: string }> = {
  readonly [Type in Command['type'] as VerbOf<Type>]: (
    request: ApiRequest,
    reply: FastifyReply,
  ) => Promise<void>;
};
type VerbOf<Type extends string> =
  Type extends `${infer Verb}${'Account' | 'Hold' | 'Transaction' | 'Period'}` ? Uncapitalize<Verb> : Type;

/**
 * Sends a command to the ledger in the path, and its outcome to the client.
 * @param fieldOf the field of the body that a refusal's pointer stands for, where the body is not the command
 */
export async function submitToLedger(
  commands: Commands,
  command: LedgerCommand,
  request: ApiRequest,
  reply: FastifyReply,
  fieldOf?: (param: string) => string,
): Promise<void> {
  const ledgerId = pathParameter(request, 'ledger');
  const write = new WriteToLedger(ledgerId, command, commandContext(request));
  const outcome = await commands.execute<WriteToLedger, CommandOutcome>(write);
  sendOutcome(reply, fieldOf === undefined ? outcome : renamed(outcome, fieldOf), ledgerId);
}

function renamed(outcome: CommandOutcome, fieldOf: (param: string) => string): CommandOutcome {
  if (outcome.kind === 'accepted' || outcome.refusal.param === undefined) return outcome;
  return { ...outcome, refusal: { ...outcome.refusal, param: fieldOf(outcome.refusal.param) } };
}

/** A command as the writer judges it: what changes an account's terms says whether who asks may. */
export function withRights(command: LedgerCommand, scopes: readonly string[] | undefined): LedgerCommand {
  if (scopes === undefined || !termsChanges.has(command.type)) return command;
  return { ...command, mayChangeTerms: allows(scopes, 'ledger:admin') } as LedgerCommand;
}
