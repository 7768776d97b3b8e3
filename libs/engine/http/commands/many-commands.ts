import type { CommandContext } from '@fintech-ledger/journal';
import { isTracing, unsampled } from '@fintech-ledger/telemetry';
import { commandsTracedMax } from '../limits';

/**
 * The context of each command of a request that makes many. The first ones have spans; the rest belong to the same trace without any, so
 * that one import can't fill the queue of spans. Each has a time of its own to be answered in.
 */
export function contextsOf({ askedAtMs: _, ...context }: CommandContext): () => CommandContext {
  const { traceparent } = context;
  if (traceparent === undefined || !isTracing()) return () => context;
  const rest = { ...context, ...unsampled({ traceparent }) };
  let count = 0;
  return () => {
    count += 1;
    return count > commandsTracedMax ? rest : context;
  };
}
