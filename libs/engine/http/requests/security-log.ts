import { instruments } from '@fintech-ledger/telemetry';
import type { ApiLog } from '../api-ports';
import { bearerToken } from '../authentication/authenticator';
import type { ApiRequest } from './api-request';
import { traceFacts } from './request-trace';

/** What has a line of its own for whoever watches over access; also the label of `ledger_security_events_total`. */
export type SecurityEvent = 'unauthenticated' | 'forbidden' | 'key_created' | 'key_rotated' | 'key_revoked';

const ofStatus: Readonly<Record<number, SecurityEvent>> = { 401: 'unauthenticated', 403: 'forbidden' };

/**
 * One line, `security`, for each request that was refused for want of rights, and for each change of who may do what:
 * with the id of the key that asked and the address that it came from, and never a secret.
 */
export class SecurityLog {
  constructor(
    private readonly log: ApiLog,
    /** The id of the key that a token says to be of. */
    private readonly keyIdOf: (token: string) => string | undefined,
  ) {}

  /** Of a request that is over. */
  answered(request: ApiRequest, status: number): void {
    const event = ofStatus[status];
    if (event === undefined) return;
    instruments.securityEvents.add(1, { event });
    this.log.warn({ ...this.facts(event, request), status, code: request.problemCode }, 'security');
  }

  /** @param facts what was changed */
  changed(event: 'key_created' | 'key_rotated' | 'key_revoked', request: ApiRequest, facts: object): void {
    instruments.securityEvents.add(1, { event });
    this.log.info({ ...this.facts(event, request), ...facts }, 'security');
  }

  private facts(event: SecurityEvent, request: ApiRequest): object {
    const { id, method, endpoint, principal, ip } = request;
    const keyId = principal === null ? this.claimedKey(request) : principal.apiKeyId;
    return {
      event,
      request_id: id,
      method,
      route: endpoint?.route ?? null,
      address: ip,
      ...(keyId === undefined ? {} : { key_id: keyId }),
      ...(principal === null ? {} : { organization_id: principal.organizationId }),
      ...traceFacts(request),
    };
  }

  private claimedKey(request: ApiRequest): string | undefined {
    const token = bearerToken(request.headers.authorization);
    return token === undefined ? undefined : this.keyIdOf(token);
  }
}
