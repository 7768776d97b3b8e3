// A second organization in an installation: the API has no operation for that, so it is asked for at the writers' door.
import { randomBytes } from 'node:crypto';

/**
 * @param {{ HttpForwarder: any, apiKeyHmac: any, formatApiKey: any, newApiKeyId: any, apiKeyIdBytes: number,
 *   organizationStream: any }} library
 * @param {{ writerPort: number, pepper: string }} installation
 * @returns {Promise<string>} an API key of it with every scope
 */
export async function anotherOrganization(library, { writerPort, pepper }) {
  const { HttpForwarder, apiKeyHmac, formatApiKey, newApiKeyId, apiKeyIdBytes, organizationStream } = library;
  const organizationId = `org_${randomBytes(13).toString('hex').toUpperCase()}`;
  const apiKeyId = newApiKeyId(Date.now(), randomBytes(apiKeyIdBytes));
  const token = formatApiKey(apiKeyId, randomBytes(32));
  const key = {
    apiKeyId,
    hmac: apiKeyHmac(pepper, token),
    last4: token.slice(-4),
    name: 'Neighbour',
    scopes: ['*'],
  };
  const forwarder = new HttpForwarder({ secret: pepper });
  try {
    for (const command of [
      { type: 'CreateOrganization', name: 'Neighbours' },
      { type: 'CreateApiKey', ...key },
    ]) {
      const stream = organizationStream(organizationId);
      const envelope = { actor: 'system', correlationId: 'neighbours', organizationId, stream, command };
      const outcome = await forwarder.forward(`http://127.0.0.1:${writerPort}`, envelope);
      if (outcome.kind === 'refused') throw new Error(outcome.refusal.detail);
    }
  } finally {
    await forwarder.close();
  }
  return token;
}
