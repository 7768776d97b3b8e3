import process from 'node:process';
import { apiOperations } from './support/fuzz/api-operations';
import { FuzzedBooks } from './support/fuzz/fuzzed-books';
import { sendMany } from './support/fuzz/many-requests';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';
import { seedOf } from '../libs/testing/seed';

// As openapi-fuzz, but many at once, some slow and some cut off, and without a look at the books after each.
// FUZZ_SEED says which, FUZZ_REQUESTS how many in all; `npm run fuzz` gives it a ledger (FUZZ_URL, FUZZ_API_KEY) and watches that.
jest.setTimeout(36_000_000);

const seed = seedOf('FUZZ_SEED');
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 6_000);
// The stream of events never ends; what it refuses, the list of events refuses too.
const operations = apiOperations.filter(({ operationId }) => operationId !== 'streamEvents');
const count = Math.ceil(requests / operations.length);

let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
let standalone: StandaloneProcess | undefined;
let url = process.env['FUZZ_URL'] ?? '';
let apiKey = process.env['FUZZ_API_KEY'] ?? '';
let books: FuzzedBooks;

beforeAll(async () => {
  process.stdout.write(`fuzzing with FUZZ_SEED=${seed} FUZZ_REQUESTS=${requests}\n`);
  if (url === '') {
    buildStandalone();
    folder = await temporaryFolder();
    standalone = await startStandaloneProcess({ dataFolder: folder.path });
    ({ url, apiKey } = standalone);
  }
  books = await FuzzedBooks.make(url, apiKey);
});
afterAll(async () => {
  await standalone?.stop();
  await folder?.remove();
});

it.each(operations.map((operation, at) => [operation.operationId, operation, at] as const))(
  '%s gets no answer that is not documented, and never 500',
  async (name, operation, at) => {
    const since = performance.now();
    await sendMany(operation, books, apiKey, { seed: seed + at * 1_000_003, count });
    if (standalone !== undefined) return;
    const seconds = Math.round((performance.now() - since) / 1_000);
    process.stdout.write(`${at + 1} of ${operations.length}: ${count} × ${name} in ${seconds} s\n`);
  },
);

it('has balanced books and is healthy after all that', async () => {
  const [position = ''] = (await books.position()).split(' ');
  const path = `/v1/ledgers/${books.ledger}/trial-balance?limit=100`;
  const trial = await books.http.send({ method: 'GET', path, headers: { 'ledger-min-position': position } });
  expect(trial.status).toBe(200);
  expect(trial.json).toMatchObject({ balanced: true });
  const ready = await books.http.send({ method: 'GET', path: '/health/ready' });
  expect(ready).toMatchObject({ status: 200, json: { status: 'ok' } });
});
