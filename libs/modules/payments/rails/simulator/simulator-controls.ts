import type { Database } from '@fintech-ledger/postgres';
import { outcomeOf } from '../../processing/outcome-of';
import type { DisputeOutcome, RailOutcome } from '@fintech-ledger/payments/domain';
import type { ClosedDispute } from './disputes';
import type { SimulatedPayment } from './simulated-payment';
import { reportFee, selectSettlements } from './movements';
import type { ReportedKind, SettledWithin, Settlement } from './movements';
import type { SimulatorSettings } from './settings';
import { SimulatorRail } from './simulator-rail';
import { saveSettings, selectAction, selectSettings } from './store';

export const simulatorControlsPort = Symbol('SimulatorControls');

export type PayerAction = 'succeeded' | 'failed';
/** What a payer acts on, who has a page of the simulator. */
export interface OpenAction {
  readonly environment: string;
  readonly payment: Pick<SimulatedPayment, 'amountMinor' | 'currency' | 'payment' | 'returnUrl' | 'state'>;
}

/** The simulator as tests steer it. */
export interface SimulatorControls {
  settings(environment: string): Promise<SimulatorSettings>;
  /** What is absent stays. */
  change(environment: string, changes: Partial<SimulatorSettings>): Promise<SimulatorSettings>;
  /** The page with this token; undefined: there is none. */
  action(token: string): Promise<OpenAction | undefined>;
  /**
   * @param at the environment's time @param isTrial nothing is done
   * @returns the call that it ends, and how; undefined: nobody has to act
   */
  complete(
    environment: string,
    place: { readonly payment: string } | { readonly token: string },
    outcome: PayerAction,
    at: string,
    isTrial?: boolean,
  ): Promise<{ readonly call: string; readonly outcome: RailOutcome } | undefined>;
  /** It reports another fee of a payment's lines than it said when they were made. @returns of how many */
  reportFee(
    environment: string,
    of: { readonly feeMinor: bigint; readonly kind: ReportedKind; readonly payment: string },
  ): Promise<number>;
  /** What it settles, in its order; at most one more than the limit. */
  settlements(environment: string, of: SettledWithin, limit: number): Promise<readonly Settlement[]>;
  /** A bank has decided it; the first time counts. @returns how; undefined: there is no dispute */
  closeDispute(of: ClosedDispute): Promise<DisputeOutcome | undefined>;
}

/** @param database the one in which rails are called */
export function simulatorControls(database: Database): SimulatorControls {
  const rail = new SimulatorRail(database);
  return {
    reportFee: (environment, of) => reportFee(database, environment, of),
    settings: (environment) => selectSettings(database, environment),
    settlements: (environment, of, limit) => selectSettlements(database, environment, of, limit),
    change: (environment, changes) =>
      database.transaction(async (sql) => {
        const settings = { ...(await selectSettings(sql, environment)), ...changes };
        await saveSettings(sql, environment, settings);
        return settings;
      }),
    closeDispute: (of) => rail.closeDispute(of),
    action: (token) => selectAction(database, token),
    async complete(environment, place, outcome, at, isTrial) {
      const done = await rail.complete(environment, place, outcome, at, isTrial);
      return done && { call: done.key, outcome: outcomeOf(done.answer, '') };
    },
  };
}
