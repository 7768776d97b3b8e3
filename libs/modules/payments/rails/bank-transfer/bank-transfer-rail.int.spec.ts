import { isCreditorReference, transferReferenceLength } from '@fintech-ledger/payments/domain';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { everyRailContract } from '../contract-suite';
import { BankTransferRail, transferReference } from './bank-transfer-rail';

let testing: TestDatabase;
let database: Database;
beforeAll(async () => {
  testing = await testDatabase();
  database = connect({ connectionString: testing.url, max: 5, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database?.close();
  await testing?.drop();
});

everyRailContract(async () => ({
  rail: new BankTransferRail(database),
  again: () => new BankTransferRail(database),
  paymentMethod: null,
}));

it('makes references whose check digits hold, another one for each payment and environment', () => {
  const all = Array.from({ length: 500 }, (_, n) => transferReference('org_1', `pay_${n}`));
  expect(all.every((one) => isCreditorReference(one) && one.length === transferReferenceLength)).toBe(true);
  expect(new Set([...all, transferReference('org_2', 'pay_1')]).size).toBe(501);
});
