import { hash } from 'node:crypto';
import { revision } from '@fintech-ledger/event-store';
import {
  AnswerUnavailable,
  CommandOutcomeUnknown,
  deriveKey,
  WriterUnavailable,
} from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';

/** What a process answers to a command that was handed to it. A failure of a kind that is not known here is an unknown outcome. */
export type WireReply =
  | { readonly outcome: CommandOutcome }
  | {
      readonly failure: 'unavailable' | 'unknown' | 'answer_unavailable';
      readonly message: string;
      /** Of `unavailable`, see `WriterUnavailable`. */
      readonly retryAfterSeconds?: number;
      readonly isFinal?: boolean;
      /** Of `answer_unavailable`: where the command's last event is. Of `unknown`: up to where it is, in part. */
      readonly stream?: string;
      readonly revision?: number;
    };

/**
 * POST, a JSON array of envelopes; answered by one line of JSON for each, `[index, reply]`, in the order in which they are done. A process of an
 * earlier version has another path: it answers 404, and nothing was carried out.
 */
export const commandPath = '/commands/batch';
/** A bulk of 10 MB grows a little on its way: the envelope is around it. */
export const requestBytesMax = 16 * 1024 * 1024;
/** Of one request; a larger command travels alone. */
export const parcelLimits = { commands: 256, bytes: 1024 * 1024 };

/** A command as it is sent. */
export interface SentEnvelope extends CommandEnvelope {
  /** How long its caller may wait from now on. Absent, from a process of an earlier version: as this one has it. */
  readonly timeoutMs?: number;
}

/** For its way back an answer has a tenth of the time, and a quarter of a second at most. */
const answerMsMax = 250;

/** How long the other process may take, of what is left until a deadline. */
export function timeoutOf(deadline: number): number {
  const leftMs = deadline - performance.now();
  return Math.floor(leftMs - Math.min(leftMs / 10, answerMsMax));
}

/**
 * What processes of one installation know each other by: derived from the secret that all of them share. The
 * first is sent; the second, a plain hash, is what processes of the release before know, and goes with the next
 * one.
 */
export function transportTokens(secret: string): readonly [string, string] {
  return [
    deriveKey(secret, 'command-transport/1', 32).toString('hex'),
    hash('sha256', `command-transport\n${secret}`, 'hex'),
  ];
}

export function failureOf(error: unknown): WireReply {
  const message = error instanceof Error ? error.message : 'the command failed';
  if (error instanceof WriterUnavailable) {
    const { retryAfterSeconds, isFinal } = error;
    return { failure: 'unavailable', message, retryAfterSeconds, isFinal };
  }
  if (error instanceof AnswerUnavailable) {
    return { failure: 'answer_unavailable', message, stream: error.stream, revision: error.revision };
  }
  // Whatever is not known to have changed nothing is told as unknown.
  const booked = error instanceof CommandOutcomeUnknown ? error.booked : undefined;
  return { failure: 'unknown', message, ...booked };
}

/** @throws WriterUnavailable, CommandOutcomeUnknown, AnswerUnavailable as the other process did */
export function outcomeOf(reply: WireReply): CommandOutcome {
  if ('outcome' in reply) {
    const { outcome } = reply;
    return outcome.kind === 'accepted' ? { ...outcome, revision: revision(outcome.revision) } : outcome;
  }
  const { failure, message, retryAfterSeconds = 1, isFinal = false, stream } = reply;
  if (failure === 'unavailable') throw new WriterUnavailable(message, retryAfterSeconds, { isFinal });
  const isBooked = stream !== undefined && reply.revision !== undefined;
  const booked = isBooked ? { stream, revision: revision(reply.revision) } : undefined;
  if (failure === 'answer_unavailable' && booked !== undefined) {
    throw new AnswerUnavailable(booked.stream, booked.revision, message);
  }
  throw new CommandOutcomeUnknown(message, { booked });
}
