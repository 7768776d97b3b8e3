import type { EffectRunner } from '@fintech-ledger/journal';
import type { EffectResources } from '@fintech-ledger/manifest';
import { feesWithin } from '@fintech-ledger/payments/domain';
import { PersonalValues, postgresSubjectKeys } from '@fintech-ledger/privacy';
import type { Rail } from '../rails/rail';
import { BankTransferRail } from '../rails/bank-transfer/bank-transfer-rail';
import { SimulatorRail } from '../rails/simulator/simulator-rail';
import { ReadRailBooks } from './rail-books';
import { railCalls } from './rail-calls';

/** Calls the rails that there are. */
export function openRailCalls(resources: EffectResources): EffectRunner {
  const { database, eventStore, liveTables, log, publicUrl, secret } = resources;
  const rails: readonly Rail[] = [new SimulatorRail(database), new BankTransferRail(database)];
  const values = new PersonalValues(postgresSubjectKeys(liveTables, secret, eventStore));
  const books = new ReadRailBooks(liveTables, eventStore);
  return railCalls({
    ...{ books, log, publicUrl, values },
    rails: new Map(rails.map((rail) => [rail.name, rail])),
    reportLinesMax: feesWithin(eventStore.limits.appendBytesMax),
  });
}
