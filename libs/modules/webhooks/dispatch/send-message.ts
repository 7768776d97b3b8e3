import { refuse } from '@fintech-ledger/contract';
import { SealBroken } from '@fintech-ledger/journal';
import type { OutboundClient, Outcome } from '@fintech-ledger/outbound';
import { sealValue } from '@fintech-ledger/privacy';
import type { KnownSubject, PersonalValues } from '@fintech-ledger/privacy';
import { signWebhook } from '@fintech-ledger/webhook-verifier';
import { urlRulesOf } from '../endpoints/check-settings';
import { secretsInForce } from '../endpoints/endpoint-secret';
import { keptPlain, keptSealed } from '../deliveries/kept-response';
import { openHeaders } from '../endpoints/sealed-headers';
import type { Headers } from '../endpoints/sealed-headers';
import type { ClaimedMessage } from './claim-messages';
import type { DueEndpoint } from './find-due';

/** What sending needs of the process. */
export interface Sending {
  readonly client: Pick<OutboundClient, 'deliver'>;
  readonly pepper: string;
  readonly values: Pick<PersonalValues, 'openedText'>;
}

/**
 * One attempt: the body as it was made, with the personal values of whoever is not erased, signed for this moment. What
 * goes wrong is an outcome.
 */
export async function sendMessage(
  { client, pepper, values }: Sending,
  { endpoint, organizationId, sealed, isLive }: DueEndpoint,
  message: ClaimedMessage,
  nowMs: number,
): Promise<Outcome> {
  const headers = headersOf(pepper, endpoint.headersRef, sealed);
  if (headers === undefined) {
    const why = 'The values of its headers can not be read: give the endpoint its headers again.';
    return { kind: 'refused', refusal: refuse({ code: 'headers_unreadable' }, why), ms: 0 };
  }
  const { id } = message;
  const { json: body, subjects } = await values.openedText(organizationId, message.body);
  const secrets = secretsInForce(pepper, endpoint, nowMs);
  const outcome = await client.deliver({
    ...urlRulesOf(isLive),
    endpoint: endpoint.id,
    url: endpoint.url,
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'fintech-ledger',
      ...signWebhook(secrets, { id, timestamp: new Date(nowMs), body }),
    },
    body,
  });
  return withSealedResponse(outcome, subjects);
}

/**
 * A receiver may say back what it was told of somebody: its response is kept so that it goes with their key. It is not
 * kept where that is gone, or where the message tells of several.
 */
function withSealedResponse(outcome: Outcome, subjects: readonly KnownSubject[]): Outcome {
  if (outcome.kind !== 'answered' || outcome.response === null) return outcome;
  if (subjects.length === 0) return { ...outcome, response: keptPlain(outcome.response) };
  const [{ id, key } = { id: '', key: null }, ...others] = subjects;
  if (!key || others.length > 0) return { ...outcome, response: null };
  const text = outcome.response.toString('utf8').replaceAll('\0', '\uFFFD');
  return { ...outcome, response: keptSealed(sealValue({ id, key }, 'webhook.response', text)) };
}

function headersOf(pepper: string, ref: string | null, sealed: string | null): Headers | undefined {
  if (ref === null) return {};
  if (sealed === null) return undefined;
  try {
    return openHeaders(pepper, sealed, ref);
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}
