import type { Logger } from '@fintech-ledger/logging';
import type { OutboundClient } from '@fintech-ledger/outbound';
import type { Database } from '@fintech-ledger/postgres';
import type { PersonalValues } from '@fintech-ledger/privacy';
import type { Claimant } from './claimant';

export interface SenderOptions {
  readonly db: Database;
  readonly client: Pick<OutboundClient, 'deliver'>;
  readonly claimant: Claimant;
  readonly pepper: string;
  /** Opens what bodies have of persons. */
  readonly values: Pick<PersonalValues, 'openedText'>;
  readonly log: Pick<Logger, 'warn'>;
  /** Attempts a second that an endpoint gets, over all processes. */
  readonly endpointRate: number;
  readonly nowMs: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** There may be more to claim. */
  readonly onRoom: () => void;
  /** A message of a replay has its outcome. */
  readonly onReplayed: () => void;
}
