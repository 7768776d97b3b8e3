import { deriveKey } from '@fintech-ledger/journal';
import { olderInForce } from '@fintech-ledger/webhooks/domain';
import type { EndpointFacts, EndpointSecrets } from '@fintech-ledger/webhooks/domain';
import { createHmac } from 'node:crypto';

/**
 * The secret of an endpoint in one of its generations: 256 bits that follow from the installation's pepper and the
 * endpoint's id. It is kept nowhere, and the same whenever it is asked for.
 */
export function endpointSecret(pepper: string, endpointId: string, generation: number): string {
  return `whsec_${createHmac('sha256', keyFrom(pepper)).update(`${endpointId}/${generation}`).digest('base64')}`;
}

/** A message is signed with it at each attempt, and to derive it costs more than to sign. */
let known: { readonly pepper: string; readonly key: Buffer } | undefined;
function keyFrom(pepper: string): Buffer {
  if (known?.pepper !== pepper) known = { pepper, key: deriveKey(pepper, 'webhook-secret/1', 32) };
  return known.key;
}

type Secrets = EndpointSecrets & Pick<EndpointFacts, 'id'>;

/** What signs at this time, the newest first. */
export function secretsInForce(pepper: string, endpoint: Secrets, nowMs: number): readonly string[] {
  const older = olderInForce(endpoint, nowMs).map(({ generation }) => generation);
  return [endpoint.secretGeneration, ...older].map((each) => endpointSecret(pepper, endpoint.id, each));
}
