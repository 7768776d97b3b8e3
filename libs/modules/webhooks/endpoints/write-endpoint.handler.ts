import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { apiKeyPepperPort } from '@fintech-ledger/access';
import { organizationStream } from '@fintech-ledger/envelope';
import { PublicEventRegistry } from '@fintech-ledger/events';
import { envelope, idempotencyKeyReused, isRefusedAs } from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { commandGatewayPort } from '@fintech-ledger/projection-runtime';
import type { OutboundGuard } from '@fintech-ledger/outbound';
import type { WebhookCommand } from '@fintech-ledger/webhooks/domain';
import { randomUUID } from 'node:crypto';
import { outboundGuardPort, webhookOutboxPort } from '../ports';
import type { WebhookOutbox } from '../ports';
import { settingsRefusal } from './check-settings';
import { endpointSecret } from './endpoint-secret';
import { sealHeaders } from './sealed-headers';
import type { Headers } from './sealed-headers';

/**
 * Hands a command about a webhook endpoint to the writer of the caller's organization. Answers with `CommandOutcome`;
 * that to a creation and a rotation has the secret, once: a replay has null in its place, and `secret_shown`.
 */
export class WriteWebhookEndpoint {
  /**
   * @param headers what to send along; absent: nothing is said of it
   * @param isLive whether the organization is a live one
   */
  constructor(
    readonly command: WebhookCommand,
    readonly headers: Headers | undefined,
    readonly context: CommandContext,
    readonly isLive: boolean,
  ) {}
}

@CommandHandler(WriteWebhookEndpoint)
export class WriteWebhookEndpointHandler implements ICommandHandler<WriteWebhookEndpoint, CommandOutcome> {
  constructor(
    @Inject(commandGatewayPort) private readonly gateway: CommandGateway,
    @Inject(apiKeyPepperPort) private readonly pepper: string,
    @Inject(PublicEventRegistry) private readonly registry: PublicEventRegistry,
    @Inject(outboundGuardPort) private readonly guard: OutboundGuard,
    @Inject(webhookOutboxPort) private readonly outbox: WebhookOutbox,
  ) {}

  async execute({ command, headers, context, isLive }: WriteWebhookEndpoint): Promise<CommandOutcome> {
    const settings = 'url' in command || 'eventTypes' in command ? command : {};
    const asked = headers === undefined ? settings : { ...settings, headers };
    const { registry, guard } = this;
    const refusal = await settingsRefusal({ registry, guard }, asked, isLive);
    if (refusal !== undefined) {
      const first = await this.answeredBefore(command, context);
      return first ?? { kind: 'refused', refusal };
    }
    const isKept = headers !== undefined && Object.keys(headers).length > 0 && !context.dryRun;
    const ref = isKept ? `whh_${randomUUID()}` : null;
    const { organizationId } = context;
    if (ref !== null)
      await this.outbox.keepHeaders(ref, organizationId, sealHeaders(this.pepper, headers ?? {}, ref));
    const named = headers === undefined ? {} : { headerNames: Object.keys(headers), headersRef: ref };
    const outcome = await this.submit({ ...command, ...named } as WebhookCommand, context);
    const isUnused = outcome.kind === 'refused' || outcome.replayed;
    if (isUnused && ref !== null) await this.outbox.forgetHeaders(ref);
    return this.withSecret(command, context, outcome);
  }

  /** What a repeated request was answered first counts, whatever is thought of its settings by now. */
  private async answeredBefore(
    command: WebhookCommand,
    context: CommandContext,
  ): Promise<CommandOutcome | undefined> {
    if (context.idempotencyKey === undefined) return undefined;
    const outcome = await this.submit(command, { ...context, dryRun: true });
    if (outcome.kind === 'accepted' && outcome.replayed) return this.withSecret(command, context, outcome);
    return isRefusedAs(outcome, idempotencyKeyReused) ? outcome : undefined;
  }

  private submit(command: WebhookCommand, context: CommandContext): Promise<CommandOutcome> {
    return this.gateway.submit(envelope(organizationStream(context.organizationId), command, context));
  }

  /** The secret follows from the endpoint's id and its version. */
  private withSecret(
    { type }: WebhookCommand,
    { dryRun }: CommandContext,
    outcome: CommandOutcome,
  ): CommandOutcome {
    if (type !== 'CreateWebhookEndpoint' && type !== 'RotateWebhookSecret') return outcome;
    if (outcome.kind === 'refused' || (dryRun && !outcome.replayed)) return outcome;
    const answer = JSON.parse(outcome.answer) as { readonly id: string; readonly secret_version: number };
    // Who got the first answer has it.
    const shown = outcome.replayed
      ? { secret: null, secret_shown: true }
      : { secret: endpointSecret(this.pepper, answer.id, answer.secret_version) };
    return { ...outcome, answer: JSON.stringify({ ...answer, ...shown }) };
  }
}
