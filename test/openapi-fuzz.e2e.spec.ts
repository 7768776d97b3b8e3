import fc from 'fast-check';
import process from 'node:process';
import { apiOperations } from './support/fuzz/api-operations';
import { checkAnswer } from './support/fuzz/check-answer';
import { FuzzedBooks } from './support/fuzz/fuzzed-books';
import { fuzzedRequests } from './support/fuzz/fuzzed-request';
import { positionedQueries, sampleQuery, whatIsRead } from './support/fuzz/sample-query';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';
import { seedOf } from '../libs/testing/seed';

// Requests made from schemas/openapi.json, right and wrong, for every operation: FUZZ_SEED says which, FUZZ_RUNS how many of each.
jest.setTimeout(3_600_000);

const seed = seedOf('FUZZ_SEED');
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 30);
// The stream of events never ends; what it refuses, the list of events refuses too.
const operations = apiOperations.filter(({ operationId }) => operationId !== 'streamEvents');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let standalone: StandaloneProcess;
let books: FuzzedBooks;

beforeAll(async () => {
  process.stdout.write(`fuzzing with FUZZ_SEED=${seed} FUZZ_RUNS=${numRuns}\n`);
  buildStandalone();
  folder = await temporaryFolder();
  standalone = await startStandaloneProcess({ dataFolder: folder.path });
  books = await FuzzedBooks.make(standalone.url, standalone.apiKey);
});
afterAll(async () => {
  await standalone?.stop();
  await folder?.remove();
});

it.each(operations.map((operation, at) => [operation.operationId, operation, seed + at] as const))(
  '%s answers as documented, and a refusal leaves no trace',
  async (_name, operation, seedOfOperation) => {
    const isCommand = operation.method !== 'GET';
    let before: string | undefined;
    const property = fc.asyncProperty(fuzzedRequests(operation, books.pool), async (sent) => {
      if (isCommand) before ??= await books.position();
      const answer = await books.http.send(sent);
      checkAnswer(operation, sent, answer);
      if (!isCommand) return;
      if (answer.status < 400) before = undefined;
      else expect(await books.position()).toBe(before);
    });
    // No shrinking: the books are no longer what they were.
    await fc.assert(property, { seed: seedOfOperation, numRuns, endOnFailure: true });
  },
);

it('answers 503 read_model_behind, and nothing else, to who asks for a position that is ahead', async () => {
  // A live organization has no clock, and the stream of events never ends.
  const reads = positionedQueries.filter(
    ({ operationId }) => operationId !== 'getClock' && operationId !== 'streamEvents',
  );
  await Promise.all(
    reads.map(async (operation) => {
      const read = whatIsRead(operation);
      const owners = { ledger: books.ledger, payments: books.paymentsLedger };
      const owner = read === 'ledger' || read === 'payments' ? owners[read] : books.organization;
      const ahead = { 'ledger-min-position': `${owner}@999999999999` };
      const sent = sampleQuery(operation, books.ledger, ahead);
      const answer = await books.http.send(sent);
      checkAnswer(operation, sent, answer);
      expect([operation.operationId, answer.json['code']]).toEqual([
        operation.operationId,
        'read_model_behind',
      ]);
    }),
  );
});

it('has balanced books and is healthy after all that', async () => {
  const [position = ''] = (await books.position()).split(' ');
  const path = `/v1/ledgers/${books.ledger}/trial-balance?limit=100`;
  const trial = await books.http.send({ method: 'GET', path, headers: { 'ledger-min-position': position } });
  expect(trial.status).toBe(200);
  expect(trial.json).toMatchObject({ balanced: true, has_more: false });
  const ready = await books.http.send({ method: 'GET', path: '/health/ready' });
  expect(ready).toMatchObject({ status: 200, json: { status: 'ok' } });
});
