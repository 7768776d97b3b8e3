import type { CommandEnvelope } from './gateway';
import type { CommandContext } from './command-context';

/** A command on its way to the writer of its stream. */
export function envelope<C>(stream: string, command: C, context: CommandContext): CommandEnvelope<C> {
  return {
    stream,
    organizationId: context.organizationId,
    actor: context.actor,
    command,
    correlationId: context.correlationId,
    ...(context.idempotencyKey === undefined ? {} : { idempotencyKey: context.idempotencyKey }),
    ...(context.requestHash === undefined ? {} : { requestHash: context.requestHash }),
    ...(context.dryRun ? { dryRun: true } : {}),
    ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
    ...(context.tracestate === undefined ? {} : { tracestate: context.tracestate }),
  };
}
