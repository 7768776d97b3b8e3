import { DatabaseError, DatabaseUnavailable } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import type { AuthorizeCall } from '../rail';
import { insertAuthorizations } from './authorization-rows';
import type { Authorization } from './authorization-rows';
import { authorizedBy } from './simulated-payment';
import type { SimulatedPayment } from './simulated-payment';
import { simulatorDefaults } from './settings';
import { selectSettingsOf } from './store';

/** So many calls are kept by one statement. */
const callsMax = 200;
/** A call that waits for another process holds up one statement, and the rest goes on. */
const statementsMax = 2;

interface Waiting {
  readonly call: AuthorizeCall;
  resolve(kept: SimulatedPayment | undefined): void;
  reject(error: unknown): void;
}

/** Keeps authorizations that come at the same time by one statement, which is committed before any is answered. */
export class Authorizations {
  private waiting: Waiting[] = [];
  private running = 0;

  constructor(
    private readonly database: Database,
    private readonly made: () => string,
  ) {}

  /**
   * @returns what was made of a new call; undefined: it is to be kept alone, as its key is known already, or one of
   * those beside it could not be kept
   * @throws DatabaseUnavailable nobody knows whether it was kept
   */
  keep(call: AuthorizeCall): Promise<SimulatedPayment | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ call, resolve, reject });
      // What arrives in the same turn of the event loop goes with it.
      if (this.running < statementsMax) setImmediate(() => void this.run());
    });
  }

  private async run(): Promise<void> {
    if (this.running >= statementsMax || this.waiting.length === 0) return;
    this.running += 1;
    const batch = this.waiting.splice(0, callsMax);
    try {
      const kept = await this.keepAll(batch.map(({ call }) => call));
      for (const { call, resolve } of batch) resolve(kept.get(call));
    } catch (error) {
      for (const one of batch)
        if (isUndone(error)) one.resolve(undefined);
        else one.reject(error);
    } finally {
      this.running -= 1;
      void this.run();
    }
  }

  /** By their calls: those that were new. Of one key's calls only the first is among them. */
  private async keepAll(calls: readonly AuthorizeCall[]): Promise<Map<AuthorizeCall, SimulatedPayment>> {
    const environments = [...new Set(calls.map(({ environment }) => environment))];
    const settings = await selectSettingsOf(this.database, environments);
    const firsts = new Map<string, Authorization>();
    for (const call of calls) {
      const place = JSON.stringify([call.environment, call.key]);
      if (firsts.has(place)) continue;
      const made = { reference: `sim_${this.made()}`, token: this.made() };
      const payment = authorizedBy(call, settings.get(call.environment) ?? simulatorDefaults, made);
      firsts.set(place, { call, payment });
    }
    const isNew = await insertAuthorizations(this.database, [...firsts.values()]);
    const kept = [...firsts.values()].filter(({ payment }) => isNew.has(payment.reference));
    return new Map(kept.map(({ call, payment }) => [call, payment]));
  }
}

/** Nothing of the statement was kept. */
const isUndone = (error: unknown): boolean =>
  error instanceof DatabaseError || (error instanceof DatabaseUnavailable && error.outcomeKnown);
