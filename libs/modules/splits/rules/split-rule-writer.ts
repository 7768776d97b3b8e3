import { LedgerCommands } from '@fintech-ledger/payments/nest';
import type { SplitCommand, SplitEvent } from '@fintech-ledger/splits/domain';

/** Hands commands about split rules to the writer of the environment's payments ledger. */
export class SplitRuleWriter extends LedgerCommands<SplitCommand, SplitEvent> {}
