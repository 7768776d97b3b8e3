import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { apiKeySecretBytes, organizationOfSandbox } from '@fintech-ledger/access/domain';
import type { CreateSandbox } from '@fintech-ledger/access/domain';
import { organizationStream } from '@fintech-ledger/envelope';
import { envelope, keyedByUs, ownCommand, ownKeyMark } from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import { randomBytes } from 'node:crypto';
import { newApiKey } from '../api-keys/new-api-key';
import { withMembers } from '../api-keys/with-members';
import { apiKeyPepperPort, sandboxesMaxPort } from '../read-model/queries';
import { openSandbox } from './open-sandbox';
import type { CreatedSandbox } from './open-sandbox';

const keysKey = `${ownKeyMark}sandbox-api-key`;

/**
 * Makes a sandbox below the caller's organization, and its first API key. Answers with `CommandOutcome`, whose answer
 * has that key as `api_key`: shown once, kept nowhere. A replay has null in its place, and `secret_shown`; a dry run
 * has none. Refusals: `live_key_required`, `sandbox_limit`.
 */
export class MakeSandbox {
  constructor(
    readonly name: string,
    readonly context: CommandContext,
  ) {}
}

interface SandboxMaker {
  readonly gateway: CommandGateway;
  /** Keys the HMACs of API keys. */
  readonly pepper: string;
  readonly sandboxesMax: number;
}

/**
 * Carries out `MakeSandbox`: in the stream of the organization first, then in that of the sandbox. What a crash leaves
 * undone in between, a replay does, and it shows the key that it makes.
 */
export async function makeSandbox(
  { gateway, pepper, sandboxesMax }: SandboxMaker,
  { name, context }: MakeSandbox,
): Promise<CommandOutcome> {
  const { organizationId: parentId, dryRun } = context;
  const command: CreateSandbox = { type: 'CreateSandbox', name, sandboxesMax };
  const outcome = await gateway.submit(envelope(organizationStream(parentId), command, context));
  if (outcome.kind === 'refused' || (dryRun && !outcome.replayed)) return outcome;
  const created = JSON.parse(outcome.answer) as Omit<CreatedSandbox, 'parentId'>;
  const key = dryRun
    ? undefined
    : await firstKeyOf(gateway, pepper, { ...created, parentId }, context.correlationId);
  const members = key === undefined ? { api_key: null, secret_shown: true } : { api_key: key };
  return { ...outcome, answer: withMembers(outcome.answer, members) };
}

/** Undefined: it was made by an earlier request, and is known to whoever got that answer. */
async function firstKeyOf(
  gateway: CommandGateway,
  pepper: string,
  sandbox: CreatedSandbox,
  correlationId: string,
): Promise<string | undefined> {
  await openSandbox(gateway, sandbox, correlationId);
  const secret = randomBytes(apiKeySecretBytes);
  const { token, command } = newApiKey(pepper, secret, 'First key', ['*'], 'test');
  const outcome = await gateway.submit({
    ...ownCommand(organizationOfSandbox(sandbox.id), command, correlationId),
    ...keyedByUs(keysKey),
  });
  if (outcome.kind === 'refused')
    throw new Error(`the first key of ${sandbox.id} could not be made: ${outcome.refusal.detail}`);
  const { id } = JSON.parse(outcome.answer) as { id: string };
  return id === command.apiKeyId ? token : undefined;
}

@CommandHandler(MakeSandbox)
export class MakeSandboxHandler implements ICommandHandler<MakeSandbox, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) readonly gateway: CommandGateway,
    @Inject(apiKeyPepperPort) readonly pepper: string,
    @Inject(sandboxesMaxPort) readonly sandboxesMax: number,
  ) {}

  execute(command: MakeSandbox): Promise<CommandOutcome> {
    return makeSandbox(this, command);
  }
}
