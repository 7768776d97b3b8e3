import type { CreateApiKey } from '@fintech-ledger/access/domain';
import { canonicalRange } from '@fintech-ledger/config';
import { parseTime } from '@fintech-ledger/contract';
import type { CreateApiKeyDto } from './api-key.dto';

/** What a body that was checked asks for: times and addresses in the one form in which they are kept, each once. */
export function keyAskedFor(
  body: CreateApiKeyDto,
): Pick<CreateApiKey, 'name' | 'scopes' | 'expiresAt' | 'allowedIps'> {
  const { name, scopes, expires_at: expiresAt, allowed_ips: allowedIps } = body;
  return {
    name,
    scopes,
    ...(typeof expiresAt === 'string' && { expiresAt: parseTime(expiresAt) ?? expiresAt }),
    ...(Array.isArray(allowedIps) && {
      allowedIps: [...new Set((allowedIps as readonly string[]).map((one) => canonicalRange(one) ?? one))],
    }),
  };
}
