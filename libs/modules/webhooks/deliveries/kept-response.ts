import type { PersonalValues } from '@fintech-ledger/privacy';
import type { DeliveryDetails } from './delivery-shape';

/** Before what is sealed: no response begins with it, so that one that imitates a sealed value stays what it is. */
const sealedStart = '\0';
const unprintable = '\uFFFD';

/** The bytes that are kept of a response that is sealed. */
export const keptSealed = (sealed: string): Buffer => Buffer.from(sealedStart + sealed, 'utf8');

/** The same of any other one. */
export const keptPlain = (response: Buffer): Buffer =>
  response[0] === 0 ? Buffer.from(response.toString('utf8').replaceAll('\0', unprintable), 'utf8') : response;

/** The text of a kept response; one that is sealed is still so, and has its mark. */
export function keptText(response: Buffer): string {
  const text = response.toString('utf8');
  return text.startsWith(sealedStart) ? text : text.replaceAll('\0', unprintable);
}

/** A delivery with its sealed responses opened; null where whom they tell of is erased. */
export async function openResponses(
  values: Pick<PersonalValues, 'openIn'>,
  organizationId: string,
  delivery: DeliveryDetails,
): Promise<DeliveryDetails> {
  const sealed = delivery.attempts.flatMap(({ number, response }) =>
    response?.startsWith(sealedStart) === true ? [{ number, response: response.slice(1) }] : [],
  );
  if (sealed.length === 0) return delivery;
  const opened: readonly { number: number; response: string | null }[] = await values.openIn(
    organizationId,
    sealed,
  );
  const responses = new Map(opened.map(({ number, response }) => [number, response]));
  return {
    ...delivery,
    attempts: delivery.attempts.map((attempt) => ({
      ...attempt,
      response: responses.has(attempt.number) ? (responses.get(attempt.number) ?? null) : attempt.response,
    })),
  };
}

/**
 * A delivery as an answer has it that is kept for repetitions, for ever: a response may tell of somebody who is erased
 * one day.
 */
export const withoutResponses = (delivery: DeliveryDetails): DeliveryDetails => ({
  ...delivery,
  attempts: delivery.attempts.map((attempt) => ({ ...attempt, response: null })),
});
