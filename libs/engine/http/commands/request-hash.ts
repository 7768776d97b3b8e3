import { hash } from 'node:crypto';
import { canonicalJson } from '@fintech-ledger/envelope';

/** SHA-256 (hex) of what a request asks for: its method, its path's values and its body, whatever the order of keys or the white space. */
export function requestHash(method: string, route: string, params: unknown, body: unknown): string {
  // One call, half the cost of a Hash object.
  return hash('sha256', canonicalJson({ body: body ?? null, method, params, route }), 'hex');
}
