import { spans } from '@fintech-ledger/telemetry';
import type { TraceContext } from '@fintech-ledger/telemetry';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import type { OpenWriter } from './open-writer';

/** Any writer, with a span of each command of a sampled trace. The events that the command makes carry that span. */
export function tracedWriter(writer: OpenWriter, stream: string): OpenWriter {
  return {
    get isStopped() {
      return writer.isStopped;
    },
    get isIdle() {
      return writer.isIdle;
    },
    load: () => writer.load(),
    stop: (reason) => writer.stop(reason),
    leave: (reason) => writer.leave(reason),
    close: () => writer.close(),
    submit(envelope) {
      const trace = traceOf(envelope);
      return trace === undefined ? writer.submit(envelope) : submitTraced(writer, stream, envelope, trace);
    },
  };
}

async function submitTraced(
  writer: OpenWriter,
  stream: string,
  envelope: CommandEnvelope,
  trace: TraceContext,
): Promise<CommandOutcome> {
  const span = spans.command(typeOf(envelope), stream, trace);
  if (span === undefined) return writer.submit(envelope);
  try {
    const outcome = await writer.submit({ ...envelope, ...span.context });
    span.end(factsOf(envelope, outcome));
    return outcome;
  } catch (error) {
    span.fail(error);
    throw error;
  }
}

function typeOf({ command }: CommandEnvelope): string {
  return (command as { readonly type: string }).type;
}

/** Where in a trace a command is. */
export function traceOf({ traceparent, tracestate }: CommandEnvelope): TraceContext | undefined {
  if (traceparent === undefined) return undefined;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

/** A refusal is an answer, not a failure. */
function factsOf(envelope: CommandEnvelope, outcome: CommandOutcome) {
  if (outcome.kind === 'refused') return { 'ledger.outcome': outcome.refusal.code };
  const made = outcome.replayed ? 'replayed' : 'accepted';
  return {
    'ledger.outcome': envelope.dryRun === true ? 'dry_run' : made,
    'ledger.revision': outcome.revision,
  };
}
