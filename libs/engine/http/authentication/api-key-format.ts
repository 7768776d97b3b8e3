import type { Environment } from './environment';

/** How an API key is read, and what it may do; what issues the keys says how. */
export interface ApiKeyFormat {
  /** The id of the key that a token is of; undefined: it is none. Says nothing about whether it is valid. */
  idOf(token: string): string | undefined;
  /** Whether this is the key whose HMAC was kept, in constant time. */
  isKey(token: string, hmac: string): boolean;
  /** Every scope that what a key was granted covers in its environment. */
  scopesOf(granted: readonly string[], environment: Environment): ReadonlySet<string>;
}
