import { refuse } from '@fintech-ledger/contract';
import type { OutboundClient, Outcome } from '@fintech-ledger/outbound';
import { signWebhook } from '@fintech-ledger/webhook-verifier';
import { urlRulesOf } from '../endpoints/check-settings';
import { secretsInForce } from '../endpoints/endpoint-secret';
import { openHeaders, SealBroken } from '../endpoints/sealed-headers';
import type { Headers } from '../endpoints/sealed-headers';
import type { ClaimedMessage, DueEndpoint } from './claim-messages';

/** One attempt: the body as it was made, signed for this moment. What goes wrong is an outcome. */
export async function sendMessage(
  client: Pick<OutboundClient, 'deliver'>,
  pepper: string,
  { endpoint, sealed, isLive }: DueEndpoint,
  { id, body }: ClaimedMessage,
  nowMs: number,
): Promise<Outcome> {
  const headers = headersOf(pepper, endpoint.headersRef, sealed);
  if (headers === undefined) {
    const why = 'The values of its headers can not be read: give the endpoint its headers again.';
    return { kind: 'refused', refusal: refuse({ code: 'headers_unreadable' }, why), ms: 0 };
  }
  const secrets = secretsInForce(pepper, endpoint, nowMs);
  return client.deliver({
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
