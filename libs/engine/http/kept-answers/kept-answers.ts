import { messageOf } from '@fintech-ledger/contract';
import { idempotencyKeyReused } from '@fintech-ledger/journal';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiLog } from '../api-ports';
import { claimPollMs, claimRenewMs, claimWaitMsMax } from '../limits';
import { ApiProblem, retryable } from '../problems/api-problem';

/** A request under an idempotency key. */
export interface KeyedRequest {
  /** The organization, or that and the ledger that it is about: keys of others are other keys. */
  readonly scope: string;
  readonly key: string;
  /** SHA-256 (hex) of what it asks for, see `requestHash`. */
  readonly requestHash: string;
  /** Which request it is: the log names it. */
  readonly requestId: string;
}

export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

/** What became of a key so far. */
export type KeyState =
  /** It is this request's now: nobody else does it. */
  | { readonly kind: 'claimed' }
  /** Another request has it and has no answer yet. */
  | { readonly kind: 'under_way' }
  | { readonly kind: 'answered'; readonly requestHash: string; readonly answer: KeptAnswer };

/**
 * Keeps the first answers of requests whose keys no journal keeps, for ever and for all processes. A claim that its
 * request does not renew ends after `claimMs`: its process has ended, so it is done again, whatever it had done.
 */
export interface KeptAnswers {
  /** @throws DatabaseUnavailable */
  claim(request: KeyedRequest, claim: string): Promise<KeyState>;
  /** It is still being done. */
  renew(request: KeyedRequest, claim: string): Promise<void>;
  /** Nothing, where the claim has ended. */
  keep(request: KeyedRequest, claim: string, answer: KeptAnswer): Promise<void>;
  /** It was refused: the key is free again. */
  giveUp(request: KeyedRequest, claim: string): Promise<void>;
}

/** The name under which it is provided to handlers that claim keys on their own. */
export const keptAnswersPort = Symbol('KeptAnswers');

/** A key that a request has until it ends. */
export interface HeldKey {
  /**
   * Its answer is kept, or the key is free again where it was refused. Where that fails, the log says so: what is done
   * is answered as it is, and only a repetition would be done again.
   */
  end(answer: KeptAnswer): Promise<void>;
}

/**
 * The key for this request, or the answer that it had before. While another request has it, this one waits: its API key
 * may be revoked meanwhile.
 * @param confirm rejects when the API key of the request is not in force any more: then the idempotency key is free
 * @throws ApiProblem `idempotency_key_reused`; `outcome_unknown` when that one takes too long; what `confirm` rejects
 * with
 */
export async function holdKey(
  kept: KeptAnswers,
  log: ApiLog,
  request: KeyedRequest,
  confirm: () => Promise<void>,
): Promise<HeldKey | KeptAnswer> {
  const claim = randomUUID();
  const state = await claimed(kept, request, claim);
  if (state.kind === 'answered') {
    await confirm();
    if (state.requestHash !== request.requestHash) throw reused(request.key);
    return state.answer;
  }
  const held = heldKey(kept, log, request, claim);
  try {
    await confirm();
    return held;
  } catch (error) {
    await held.end({ status: 401, body: '' });
    throw error;
  }
}

/** What becomes of a key in time. */
async function claimed(
  kept: KeptAnswers,
  request: KeyedRequest,
  claim: string,
): Promise<Exclude<KeyState, { kind: 'under_way' }>> {
  const until = performance.now() + claimWaitMsMax;
  for (;;) {
    const state = await kept.claim(request, claim);
    if (state.kind !== 'under_way') return state;
    if (performance.now() >= until)
      throw retryable('outcome_unknown', 'A request with this idempotency key is still being done.', 1);
    await delay(claimPollMs);
  }
}

export const isKept = (held: HeldKey | KeptAnswer): held is KeptAnswer => 'status' in held;

function heldKey(kept: KeptAnswers, log: ApiLog, request: KeyedRequest, claim: string): HeldKey {
  const renewing = setInterval(() => {
    kept.renew(request, claim).catch(() => undefined);
  }, claimRenewMs);
  renewing.unref();
  return {
    async end(answer) {
      clearInterval(renewing);
      try {
        await (answer.status < 300 ? kept.keep(request, claim, answer) : kept.giveUp(request, claim));
      } catch (error) {
        const facts = { problem: messageOf(error), request_id: request.requestId };
        log.warn(facts, 'the answer could not be kept');
      }
    },
  };
}

const reused = (key: string): ApiProblem =>
  new ApiProblem(idempotencyKeyReused, `The idempotency key ${key} was used for another request.`);
