import type { Environment } from './environment';

/** Who makes a request. */
export interface Principal {
  readonly organizationId: string;
  readonly environment: Environment;
  readonly apiKeyId: string;
  /** As the key was granted them: one may stand for many. */
  readonly scopes: readonly string[];
  /** Every scope that these cover in this environment. */
  readonly allowed: ReadonlySet<string>;
}
