import {
  apiKeyIdBytes,
  apiKeySecretBytes,
  formatApiKey,
  newApiKeyId,
  scopeBeyond,
} from '@fintech-ledger/access/domain';
import type { CreateApiKey } from '@fintech-ledger/access/domain';
import { refuse } from '@fintech-ledger/contract';
import { organizationStream } from '@fintech-ledger/envelope';
import type { CommandGateway, CommandOutcome, CommandContext } from '@fintech-ledger/journal';
import { randomBytes } from 'node:crypto';
import { envelope } from '@fintech-ledger/journal';
import type { OrganizationQueries } from '../read-model/queries';
import { apiKeyHmac, derivedApiKeySecret } from './api-key-secret';
import { untilVisible } from './until-visible';

/**
 * Makes an API key. Answers with `CommandOutcome`, whose answer holds the key itself as `key`: shown to its creator, kept nowhere. With an idempotency
 * key the secret is derived from it, so a replay shows the same key; a dry run shows none.
 */
export class IssueApiKey {
  constructor(
    readonly name: string,
    readonly scopes: readonly string[],
    readonly context: CommandContext,
  ) {}
}

export interface ApiKeyIssuer {
  readonly gateway: CommandGateway;
  readonly organizations: OrganizationQueries;
  /** Keys the HMACs of API keys. */
  readonly pepper: string;
}

/** Carries out `IssueApiKey`; resolves when the key can be used. */
export async function issueApiKey(
  { gateway, organizations, pepper }: ApiKeyIssuer,
  { name, scopes, context }: IssueApiKey,
): Promise<CommandOutcome> {
  const { organizationId, idempotencyKey } = context;
  const beyond = context.scopes === undefined ? undefined : scopeBeyond(context.scopes, scopes);
  if (beyond !== undefined) {
    const detail = `The API key lacks the scope ${beyond}, so it can't give it.`;
    return {
      kind: 'refused',
      refusal: refuse('scope_beyond_own', detail, '/scopes', { missing_scope: beyond }),
    };
  }
  const secret =
    idempotencyKey === undefined
      ? randomBytes(apiKeySecretBytes)
      : derivedApiKeySecret(pepper, organizationId, idempotencyKey);
  const apiKeyId = newApiKeyId(Date.now(), randomBytes(apiKeyIdBytes));
  const token = formatApiKey(apiKeyId, secret);
  const hmac = apiKeyHmac(pepper, token);
  const last4 = token.slice(-4);
  const command: CreateApiKey = { type: 'CreateApiKey', apiKeyId, hmac, last4, name, scopes };
  const outcome = await gateway.submit(envelope(organizationStream(organizationId), command, context));
  if (outcome.kind === 'refused' || context.dryRun) return outcome;
  await untilVisible(organizations, organizationId, outcome.revision);
  // A replay answers with the id of the first key, so the key is put together from the answer's.
  const { id } = JSON.parse(outcome.answer) as { id: string };
  return { ...outcome, answer: withKey(outcome.answer, formatApiKey(id, secret)) };
}

function withKey(answer: string, key: string): string {
  return `${answer.slice(0, -1)},"key":${JSON.stringify(key)}}`;
}
