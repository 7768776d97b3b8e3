import type { AddressRanges } from '@fintech-ledger/config';
import type { KeyEnd } from '@fintech-ledger/journal';
import type { Environment } from './environment';

/** Who makes a request. */
export interface Principal {
  readonly organizationId: string;
  readonly environment: Environment;
  readonly apiKeyId: string;
  /** Which secret of the key was sent. Absent: its first. */
  readonly secret?: number;
  /** When what was sent opens nothing any more, by the clock of the process. Absent: no time is known. */
  readonly ends?: { readonly atMs: number; readonly how: KeyEnd } | undefined;
  /** Where the key may be used from. Absent: anywhere. */
  readonly addresses?: AddressRanges;
  /** As the key was granted them: one may stand for many. */
  readonly scopes: readonly string[];
  /** Every scope that these cover in this environment. */
  readonly allowed: ReadonlySet<string>;
}

/** Whether its key may be used from there. @param address of the other end of the connection */
export function mayComeFrom({ addresses }: Principal, address: string): boolean {
  return addresses === undefined || addresses.includes(address);
}
