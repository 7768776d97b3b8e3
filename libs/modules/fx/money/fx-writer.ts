import type { FxCommand, FxEvent } from '@fintech-ledger/fx/domain';
import { LedgerCommands } from '@fintech-ledger/payments/nest';

/** Hands commands about money between currencies to the writer of the environment's payments ledger. */
export class FxWriter extends LedgerCommands<FxCommand, FxEvent> {}
