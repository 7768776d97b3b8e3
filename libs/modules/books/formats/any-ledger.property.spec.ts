import { importedCopy } from '../../../testing/books/imported-copy';
import { randomLedgers } from '../../../testing/ledger-transfers/random-ledgers';
import { seedOf } from '../../../testing/seed';

// FC_SEED repeats a run, LEDGERS_RUNS makes more of them.
const seed = seedOf('FC_SEED');
const runs = Number(process.env['LEDGERS_RUNS'] ?? 60);
const commandsEach = 120;

jest.setTimeout(30_000 + runs * 2_000);

it(`every ledger that can come about is imported as it was, and so is what was imported (FC_SEED=${seed})`, async () => {
  const seen = new Map<string, number>();
  for (let run = 0; run < runs; run += 1) {
    for (const { accounts, ledger, name, now } of randomLedgers(seed + run, commandsEach)) {
      const copied = { name, events: ledger.events, accounts, now };
      const copy = await importedCopy(copied).catch((error: unknown) => {
        throw new Error(`FC_SEED=${seed + run} LEDGERS_RUNS=1: ${(error as Error).message}`, {
          cause: error,
        });
      });
      for (const { type } of copy.recorded) seen.set(type, (seen.get(type) ?? 0) + 1);
    }
  }
  process.stderr.write(`copies: ${[...seen].map(([type, count]) => `${type} ${count}`).join(', ')}\n`);
  // What was booked unjudged is among it, beyond the terms of accounts.
  expect(seen.get('TransactionImported')).toBeGreaterThan(runs / 4);
});
