import { BoundedMap } from '@fintech-ledger/contract';
import { WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { apiKeyFreshMs, apiKeysRememberedMax } from '../limits';
import { ApiProblem, unavailable } from '../problems/api-problem';
import type { ApiKeyCredentials, ApiKeyDirectory } from './api-key-directory';
import type { ApiKeyFormat } from './api-key-format';
import type { Principal } from './principal';

/**
 * What a key is asked for: what changes something needs to know that it is in force now, a query may go on with what
 * was known a while ago.
 */
export type KeyUse = 'change' | 'read';

interface Verified {
  readonly principal: Principal;
  readonly credentials: ApiKeyCredentials;
}

export interface AuthenticatorOptions {
  /** How old what is known of a key may be for queries, milliseconds. */
  readonly readsMs: number;
}

/**
 * Who holds an API key. What is in force is known from the event store, in memory; that a token is the key of its
 * id is verified once and remembered for as long as nothing changes about the key.
 */
export class Authenticator {
  private readonly verified = new BoundedMap<string, Verified>(apiKeysRememberedMax);

  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly keys: ApiKeyFormat,
    private readonly options: AuthenticatorOptions,
  ) {}

  /** From memory alone; undefined: ask `authenticate`. */
  recall(token: string, use: KeyUse): Principal | undefined {
    const known = this.verified.get(token);
    if (known === undefined) return undefined;
    const { principal, credentials } = known;
    if (this.directory.find(principal.apiKeyId) !== credentials) {
      this.verified.delete(token);
      return undefined;
    }
    return this.isCurrent(principal.organizationId, use) ? principal : undefined;
  }

  /** @throws ApiProblem `unauthenticated`, or `unavailable` while it can't be said whether the key is in force */
  async authenticate(token: string, use: KeyUse): Promise<Principal> {
    const recalled = this.recall(token, use);
    if (recalled !== undefined) return recalled;
    const id = this.keys.idOf(token);
    const credentials = id === undefined ? undefined : await this.credentials(id);
    if (credentials === undefined || !this.keys.isKey(token, credentials.hmac)) throw invalid();
    const { organizationId, environment, keyId: apiKeyId, scopes } = credentials;
    if (!this.isCurrent(organizationId, use)) {
      await this.directory.refresh();
      if (this.directory.isRevoked(apiKeyId)) throw invalid();
      if (!this.isCurrent(organizationId, use)) throw unknown();
    }
    const allowed = this.keys.scopesOf(scopes, environment);
    const principal = { organizationId, environment, apiKeyId, scopes, allowed };
    this.verified.set(token, { principal, credentials });
    return principal;
  }

  /** Whether a key that was let in may still read. */
  mayGoOn({ apiKeyId, organizationId }: Principal): boolean {
    return !this.directory.isRevoked(apiKeyId) && this.isCurrent(organizationId, 'read');
  }

  /**
   * A key that was let in may still change something.
   * @throws ApiProblem `unauthenticated`, or `unavailable` while that can't be said
   */
  async confirm({ apiKeyId, organizationId }: Principal): Promise<void> {
    const { directory } = this;
    if (!directory.isRevoked(apiKeyId) && isFresh(directory, organizationId)) return;
    if (!directory.isRevoked(apiKeyId)) await directory.refresh();
    if (directory.isRevoked(apiKeyId)) throw revoked();
    if (!isFresh(directory, organizationId)) throw unknown();
  }

  private isCurrent(organizationId: string, use: KeyUse): boolean {
    if (use === 'change') return isFresh(this.directory, organizationId);
    return this.directory.ageMs(organizationId) <= this.options.readsMs;
  }

  /** A key that is not known may have been made a moment ago: then what is stored by now is read first. */
  private async credentials(id: string): Promise<ApiKeyCredentials | undefined> {
    const { directory } = this;
    const known = directory.find(id);
    if (known !== undefined || directory.isRevoked(id)) return known;
    const isAllKnown = await directory.refresh();
    const found = directory.find(id);
    if (found !== undefined || directory.isRevoked(id)) return found;
    const recalled = await directory.recall(id);
    if (recalled === undefined && !isAllKnown) throw unknown();
    return recalled;
  }
}

/**
 * The gateway, for commands of API keys: each is checked again when it is sent, because the request may have
 * begun long before (a body that comes slowly, a stream of lines, an import).
 */
export class KeyCheckedGateway implements CommandGateway {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly keys: Pick<ApiKeyDirectory, 'isRevoked' | 'ageMs' | 'refresh'>,
  ) {}

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    if (this.mayGo(envelope)) return this.gateway.submit(envelope);
    return this.check(envelope).then(() => this.gateway.submit(envelope));
  }

  /** @throws ApiProblem `unauthenticated` · WriterUnavailable */
  private async check(envelope: CommandEnvelope): Promise<void> {
    if (!this.keys.isRevoked(envelope.actor)) await this.keys.refresh();
    if (this.keys.isRevoked(envelope.actor)) throw revoked();
    if (!this.mayGo(envelope)) throw new WriterUnavailable('it is not known whether the API key is in force');
  }

  private mayGo({ actor, organizationId }: CommandEnvelope): boolean {
    return !this.keys.isRevoked(actor) && isFresh(this.keys, organizationId);
  }
}

/** Whether it is known for now which keys of the organization are in force. */
function isFresh(keys: Pick<ApiKeyDirectory, 'ageMs'>, organizationId: string): boolean {
  return keys.ageMs(organizationId) <= apiKeyFreshMs;
}

function invalid(): ApiProblem {
  return unauthenticated('The API key is not valid.');
}

function revoked(): ApiProblem {
  return unauthenticated('The API key was revoked.');
}

function unknown(): ApiProblem {
  const detail = 'The event store does not answer, so it is not known whether the API key is in force.';
  return unavailable(detail, 1);
}

export function unauthenticated(detail: string): ApiProblem {
  return new ApiProblem('unauthenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });
}

export function missingScope(scope: string): ApiProblem {
  const members = { missing_scope: scope };
  return new ApiProblem('missing_scope', `The API key lacks the scope ${scope}.`, { members });
}

/** The token of an `Authorization: Bearer …` header (RFC 6750), or undefined. */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 4_096) return undefined;
  return /^Bearer +([\x21-\x7e]+)$/i.exec(header)?.[1];
}
