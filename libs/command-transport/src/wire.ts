import { hash } from 'node:crypto';
import { revision } from '@fintech-ledger/event-store';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';

/** What a process answers to a command that was handed to it. */
export type WireReply =
  | { readonly outcome: CommandOutcome }
  | { readonly failure: 'unavailable' | 'unknown'; readonly message: string };

/**
 * POST, a JSON array of envelopes; answered by one line of JSON for each, `[index, reply]`, in the order in which they are done. A process of an
 * earlier version has another path: it answers 404, and nothing was carried out.
 */
export const commandPath = '/commands/batch';
/** A bulk of 10 MB grows a little on its way: the envelope is around it. */
export const requestBytesMax = 16 * 1024 * 1024;
/** Of one request; a larger command travels alone. */
export const parcelLimits = { commands: 256, bytes: 1024 * 1024 };

/** What processes of one installation know each other by: derived from the secret that all of them share. */
export function transportToken(secret: string): string {
  return hash('sha256', `command-transport\n${secret}`, 'hex');
}

export function failureOf(error: unknown): WireReply {
  const message = error instanceof Error ? error.message : 'the command failed';
  // Whatever is not known to have changed nothing is told as unknown.
  return { failure: error instanceof WriterUnavailable ? 'unavailable' : 'unknown', message };
}

/** @throws WriterUnavailable, CommandOutcomeUnknown as the other process did */
export function outcomeOf(reply: WireReply): CommandOutcome {
  if ('outcome' in reply) {
    const { outcome } = reply;
    return outcome.kind === 'accepted' ? { ...outcome, revision: revision(outcome.revision) } : outcome;
  }
  throw reply.failure === 'unavailable'
    ? new WriterUnavailable(reply.message)
    : new CommandOutcomeUnknown(reply.message);
}
