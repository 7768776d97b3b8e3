import { BoundedMap } from '@fintech-ledger/contract';
import { acknowledgedWaitMs, ReadModelBehind } from '@fintech-ledger/projection-runtime';
import type { AcknowledgedPositions, Followed } from '@fintech-ledger/projection-runtime';
import type { ApiKeyCredentials, ApiKeyDirectory } from './api-key-directory';
import { apiKeyGraceMs, apiKeyRefreshMs, apiKeysRememberedMax, apiKeyTrustMs } from '../limits';
import { ApiProblem } from '../problems/api-problem';
import type { ApiKeyFormat } from './api-key-format';
import type { Principal } from './principal';

/** Organizations that an unknown key waits for; while the read models have more to catch up with, it is told so. */
const organizationsAskedMax = 100;

interface Remembered {
  readonly principal: Principal;
  /** When it was last verified, by the clock of this class. */
  readonly verifiedAtMs: number;
}

/**
 * Who holds an API key. A verified key is remembered for `apiKeyTrustMs`, so that most requests ask nobody, and a
 * revocation takes effect within that time; while the read models are unavailable it stays good for `apiKeyGraceMs`.
 */
export class Authenticator {
  private readonly remembered = new BoundedMap<string, Remembered>(apiKeysRememberedMax);
  private readonly revokedHere = new BoundedMap<string, true>(apiKeysRememberedMax);
  private readonly asking = new Map<string, Promise<Principal | null>>();

  constructor(
    private readonly organizations: ApiKeyDirectory & Pick<Followed, 'waitFor'>,
    private readonly keys: ApiKeyFormat,
    /** What this process has done to organizations, and so perhaps to their keys. */
    private readonly acknowledged: AcknowledgedPositions,
    /** A monotonic clock, milliseconds. */
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** From memory alone; undefined: ask `authenticate`. */
  recall(token: string): Principal | undefined {
    const known = this.remembered.get(token);
    if (known === undefined) return undefined;
    const ageMs = this.nowMs() - known.verifiedAtMs;
    if (ageMs >= apiKeyTrustMs) return undefined;
    // Verified again before it gets too old, so that a busy key never waits. A failure shows when somebody has to
    // wait for it.
    if (ageMs >= apiKeyRefreshMs) void this.ask(token).catch(() => undefined);
    return known.principal;
  }

  /** @throws ApiProblem `unauthenticated`; whatever the read models throw when they are unavailable for too long */
  async authenticate(token: string): Promise<Principal> {
    const recalled = this.recall(token);
    if (recalled !== undefined) return recalled;
    const principal = await this.ask(token).catch((error: unknown) => this.grace(token, error));
    if (principal === null) throw unauthenticated('The API key is not valid.');
    return principal;
  }

  /** Whether a key still opens anything. Rejects when that can't be said. */
  async isGood(token: string): Promise<boolean> {
    return this.recall(token) !== undefined || (await this.ask(token)) !== null;
  }

  /** A key was just revoked here: it opens nothing any more, whatever the read models still say. */
  revoked(apiKeyId: string): void {
    this.revokedHere.set(apiKeyId, true);
    for (const [token, { principal }] of this.remembered.pairs()) {
      if (principal.apiKeyId === apiKeyId) this.remembered.delete(token);
    }
  }

  private ask(token: string): Promise<Principal | null> {
    let answer = this.asking.get(token);
    if (answer === undefined) {
      answer = this.verify(token).finally(() => this.asking.delete(token));
      this.asking.set(token, answer);
    }
    return answer;
  }

  private async verify(token: string): Promise<Principal | null> {
    const apiKeyId = this.keys.idOf(token);
    if (apiKeyId === undefined || this.revokedHere.get(apiKeyId) === true) return null;
    const verifiedAtMs = this.nowMs();
    const credentials = await this.credentials(apiKeyId);
    if (
      credentials === null ||
      this.revokedHere.get(apiKeyId) === true ||
      credentials.revokedAt !== null ||
      !this.keys.isKey(token, credentials.hmac)
    ) {
      this.remembered.delete(token);
      return null;
    }
    const { organizationId, keyId, scopes } = credentials;
    const principal = { organizationId, apiKeyId: keyId, scopes, allowed: this.keys.scopesOf(scopes) };
    this.remembered.set(token, { principal, verifiedAtMs });
    return principal;
  }

  /** @throws ReadModelBehind it may be a key that this process has made, and the read models can't tell yet */
  private async credentials(apiKeyId: string): Promise<ApiKeyCredentials | null> {
    const outstanding = new Map(this.acknowledged.outstanding());
    const found = await this.organizations.apiKeyCredentials(apiKeyId);
    if (found !== null || outstanding.size === 0) return found;
    // Whose key it is, is in its credentials: while there are none, it may be anybody's.
    const waits = [...outstanding]
      .slice(0, organizationsAskedMax)
      .map(([owner, at]) => this.reach(owner, at));
    const isReached = (await Promise.all(waits)).every(Boolean) && outstanding.size <= organizationsAskedMax;
    const again = await this.organizations.apiKeyCredentials(apiKeyId);
    if (again !== null || isReached) return again;
    throw new ReadModelBehind(1, 'The read models have not reached what was done to API keys yet.');
  }

  private async reach(organizationId: string, revision: number): Promise<boolean> {
    const isReached = await this.organizations.waitFor(organizationId, revision, acknowledgedWaitMs);
    if (isReached) this.acknowledged.seen(organizationId, revision);
    return isReached;
  }

  private grace(token: string, error: unknown): Principal {
    const known = this.remembered.get(token);
    if (known === undefined || this.nowMs() - known.verifiedAtMs > apiKeyGraceMs) throw error;
    return known.principal;
  }
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
