import { BoundedMap } from '@fintech-ledger/contract';
import { AddressRanges } from '@fintech-ledger/config';
import { keyEndSays, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway, CommandOutcome, KeyEnd } from '@fintech-ledger/journal';
import { apiKeyFreshMs, apiKeysRememberedMax, wrongSecretsRememberedMax } from '../limits';
import { ApiProblem, unavailable } from '../problems/api-problem';
import type { ApiKeyCredentials, ApiKeyDirectory } from './api-key-directory';
import type { ApiKeyFormat } from './api-key-format';
import type { Principal } from './principal';

/**
 * What a key is asked for: what changes something needs to know that it is in force now, a query may go on with what
 * was known a while ago.
 */
export type KeyUse = 'change' | 'read';

/** A secret of a key: how often the key was given one. */
interface KnownSecret {
  readonly credentials: ApiKeyCredentials;
  readonly secret: number | undefined;
  readonly ends: Principal['ends'];
}

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
  /** What is no secret of a key, as all that was stored by then has it: nothing is read for it again. */
  private readonly wrong = new BoundedMap<string, ApiKeyCredentials>(wrongSecretsRememberedMax);

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
    const { directory } = this;
    // As long as nothing changed about the key only its time may be over.
    if (directory.find(principal.apiKeyId) !== credentials || isOver(principal)) {
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
    const key = id === undefined ? undefined : await this.secretOf(id, token);
    if (key === undefined) throw invalid();
    const { credentials, secret, ends } = key;
    const { organizationId, environment, keyId: apiKeyId, scopes, allowedIps } = credentials;
    if (!this.isCurrent(organizationId, use)) {
      await this.directory.refresh();
      if (this.directory.ended(apiKeyId) === 'revoked') throw invalid();
      if (!this.isCurrent(organizationId, use)) throw unknown();
    }
    const principal: Principal = {
      organizationId,
      environment,
      apiKeyId,
      scopes,
      allowed: this.keys.scopesOf(scopes, environment),
      ...(secret !== undefined && { secret }),
      ...(ends !== undefined && { ends }),
      ...(allowedIps !== undefined && { addresses: new AddressRanges(allowedIps) }),
    };
    const end = endOf(this.directory, principal);
    if (end !== undefined) throw ended(end);
    this.verified.set(token, { principal, credentials });
    return principal;
  }

  /** Whether a key that was let in may still read. */
  mayGoOn(principal: Principal): boolean {
    return endOf(this.directory, principal) === undefined && this.isCurrent(principal.organizationId, 'read');
  }

  /**
   * A key that was let in may still change something.
   * @throws ApiProblem `unauthenticated`, or `unavailable` while that can't be said
   */
  async confirm(principal: Principal): Promise<void> {
    const { directory } = this;
    const { organizationId } = principal;
    if (endOf(directory, principal) === undefined) {
      if (isFresh(directory, organizationId)) return;
      await directory.refresh();
    }
    const end = endOf(directory, principal);
    if (end !== undefined) throw ended(end);
    if (!isFresh(directory, organizationId)) throw unknown();
  }

  /**
   * Which secret of a key it is. One that is not known may have been made a moment ago, by a rotation: then what is
   * stored by now is read first.
   */
  private async secretOf(id: string, token: string): Promise<KnownSecret | undefined> {
    const known = await this.credentials(id);
    if (known === undefined) return undefined;
    const found = this.matching(token, known);
    if (found !== undefined || this.wrong.get(token) === known) return found;
    if (!(await this.directory.refresh())) throw unknown();
    if (this.directory.ended(id) === 'revoked') return undefined;
    const read = this.directory.find(id) ?? known;
    const rotated = this.matching(token, read);
    if (rotated === undefined) this.wrong.set(token, read);
    return rotated;
  }

  private matching(token: string, credentials: ApiKeyCredentials): KnownSecret | undefined {
    const { hmac, generation: secret, older = [], expiresMs = Infinity } = credentials;
    const isExpiring = expiresMs !== Infinity;
    if (this.keys.isKey(token, hmac))
      return { credentials, secret, ends: isExpiring ? { atMs: expiresMs, how: 'expired' } : undefined };
    const one = older.find((before) => this.keys.isKey(token, before.hmac));
    if (one === undefined) return undefined;
    const { generation, untilMs } = one;
    const isReplacedFirst = untilMs < expiresMs;
    const ends = isReplacedFirst
      ? { atMs: untilMs, how: 'replaced' as const }
      : { atMs: expiresMs, how: 'expired' as const };
    return { credentials, secret: generation, ends };
  }

  private isCurrent(organizationId: string, use: KeyUse): boolean {
    if (use === 'change') return isFresh(this.directory, organizationId);
    return this.directory.ageMs(organizationId) <= this.options.readsMs;
  }

  /** A key that is not known may have been made a moment ago: then what is stored by now is read first. */
  private async credentials(id: string): Promise<ApiKeyCredentials | undefined> {
    const { directory } = this;
    const known = directory.find(id);
    if (known !== undefined || directory.ended(id) === 'revoked') return known;
    const isAllKnown = await directory.refresh();
    const found = directory.find(id);
    if (found !== undefined || directory.ended(id) === 'revoked') return found;
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
    private readonly keys: Pick<ApiKeyDirectory, 'ended' | 'ageMs' | 'refresh'>,
  ) {}

  submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    if (this.mayGo(envelope)) return this.gateway.submit(envelope);
    return this.check(envelope).then(() => this.gateway.submit(envelope));
  }

  /** @throws ApiProblem `unauthenticated` · WriterUnavailable */
  private async check(envelope: CommandEnvelope): Promise<void> {
    const { actor, actorSecret } = envelope;
    if (this.keys.ended(actor, actorSecret) === undefined) await this.keys.refresh();
    const end = this.keys.ended(actor, actorSecret);
    if (end !== undefined) throw ended(end);
    if (!this.mayGo(envelope)) throw new WriterUnavailable('it is not known whether the API key is in force');
  }

  private mayGo({ actor, actorSecret, organizationId }: CommandEnvelope): boolean {
    return this.keys.ended(actor, actorSecret) === undefined && isFresh(this.keys, organizationId);
  }
}

/** Of most keys no clock is asked. */
const isOver = ({ ends }: Principal): boolean => ends !== undefined && Date.now() >= ends.atMs;

/** Also of a key that is in no memory any more. */
function endOf(directory: Pick<ApiKeyDirectory, 'ended'>, principal: Principal): KeyEnd | undefined {
  const { apiKeyId, secret, ends } = principal;
  return directory.ended(apiKeyId, secret) ?? (isOver(principal) ? ends?.how : undefined);
}

/** Whether it is known for now which keys of the organization are in force. */
function isFresh(keys: Pick<ApiKeyDirectory, 'ageMs'>, organizationId: string): boolean {
  return keys.ageMs(organizationId) <= apiKeyFreshMs;
}

function invalid(): ApiProblem {
  return unauthenticated('The API key is not valid.');
}

function ended(end: KeyEnd): ApiProblem {
  return unauthenticated(keyEndSays[end]);
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

/** Says nothing of where it may come from. */
export function forbiddenAddress(): ApiProblem {
  return new ApiProblem(
    'address_not_allowed',
    'The API key may not be used from the address of this request.',
  );
}

/** The token of an `Authorization: Bearer …` header (RFC 6750), or undefined. */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 4_096) return undefined;
  return /^Bearer +([\x21-\x7e]+)$/i.exec(header)?.[1];
}
