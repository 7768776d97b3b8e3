import { setTimeout as delay } from 'node:timers/promises';
import type { IntendedEffect } from '@fintech-ledger/journal';
import type {
  AskDispute,
  DisputeEffect,
  RecordDispute,
  RecordDisputeResponse,
  TellDispute,
} from '@fintech-ledger/payments/domain';
import type { PersonalValues } from '@fintech-ledger/privacy';
import type { DisputeAnswer, TellAnswer, TellCall } from '../rails/rail';
import { callRail } from './call-rail';
import type { CallingRails } from './call-rail';

const readAgainMs = 100;

export type CalledDispute = DisputeEffect & Pick<IntendedEffect, 'organizationId'>;

export type EvidenceValues = Pick<PersonalValues, 'openWhole'>;
interface CallingForDisputes extends CallingRails {
  readonly values: EvidenceValues;
}

/** Whether an effect is about a dispute. */
export const isOfDispute = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'ask_dispute' || kind === 'tell_dispute';

/** Tells a rail of a dispute, or asks it. @throws Error nothing comes back of a question */
export async function callForDispute(
  { data, key, kind, organizationId }: CalledDispute,
  { values, ...calling }: CallingForDisputes,
  signal: AbortSignal,
): Promise<RecordDispute | RecordDisputeResponse> {
  const { at, dispute, payment, rail } = data;
  const call = { environment: organizationId, key, at, payment };
  const about = { organizationId, payment, key, kind };
  const isQuestion = kind === 'ask_dispute';
  const answer = await callRail<DisputeAnswer | TellAnswer>(
    calling,
    { rail, isQuestion, about },
    signal,
    async (called, ended) =>
      isQuestion
        ? called.dispute(call, ended)
        : called.tell(
            { ...call, ...(await told(organizationId, data as TellDispute, values, ended)) },
            ended,
          ),
  );
  return dispute === null
    ? { type: 'RecordDispute', payment, call: key, news: newsIn(answer, data as AskDispute) }
    : { type: 'RecordDisputeResponse', dispute, call: key, outcome: outcomeIn(answer, data) };
}

/**
 * What is sealed in it is opened only here. Whose key is destroyed, of that the rail learns no more than that it was.
 * @throws Error a key is lost: it may be restored, and a rail takes evidence once
 */
async function told(
  organizationId: string,
  { files, kind: response, railReference, text }: TellDispute,
  values: EvidenceValues,
  ended: AbortSignal,
): Promise<Pick<TellCall, 'files' | 'railReference' | 'response' | 'text'>> {
  const sealed: { readonly evidence: Pick<TellCall, 'files' | 'text'> | null } = {
    evidence: { files, text },
  };
  const { evidence } = await onceReadable(() => values.openWhole(organizationId, sealed), ended);
  return { response, railReference, ...(evidence ?? { files: [], text: null }) };
}

/**
 * Keys are withheld for a moment after a start. Nothing is told before they are read: to give up at once would have it
 * told again when the clock of the environment says so, which may be frozen.
 */
async function onceReadable<T>(read: () => Promise<T>, ended: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (ended.aborted) throw error;
    }
    await delay(readAgainMs);
  }
}

/** @throws Error it says nothing of a dispute, or of one in another currency */
function newsIn(
  answer: DisputeAnswer | TellAnswer | undefined,
  { currency }: AskDispute,
): RecordDispute['news'] {
  if (answer?.kind === 'not_disputed') return answer;
  if (answer?.kind !== 'disputed' || answer.currency !== currency)
    throw new Error('a rail that is asked about a dispute says something else');
  const { amountMinor, evidenceDueBy, feeMinor, kind, railReference, reason } = answer;
  return { kind, amount: String(amountMinor), evidenceDueBy, fee: String(feeMinor), railReference, reason };
}

/** @throws Error it is asked about a dispute that it does not know, or has not decided for too long */
function outcomeIn(
  answer: DisputeAnswer | TellAnswer | undefined,
  data: CalledDispute['data'],
): RecordDisputeResponse['outcome'] {
  switch (answer?.kind) {
    case undefined:
      return { kind: 'unknown' };
    case 'not_disputed':
      throw new Error('its rail does not know the dispute');
    case 'disputed': {
      const { outcome } = answer;
      if (outcome !== null) return { kind: 'decided', outcome };
      if ('isOverdue' in data && data.isOverdue)
        throw new Error('its rail has not decided the dispute in months');
      return { kind: 'undecided' };
    }
    case 'taken':
      return { kind: 'taken', ...(answer.askAt !== undefined && { askAt: answer.askAt }) };
    case 'decided':
      return { kind: 'decided', outcome: answer.outcome };
  }
}
