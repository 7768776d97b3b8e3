import fc from 'fast-check';
import process from 'node:process';
import { apiOperations } from './support/fuzz/api-operations';
import { checkAnswer } from './support/fuzz/check-answer';
import { FuzzedBooks } from './support/fuzz/fuzzed-books';
import { fuzzedRequests } from './support/fuzz/fuzzed-request';
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
  // These read the journal itself, which is behind nothing; a live organization has no clock.
  const reads = operations.filter(
    ({ operationId, parameters = [] }) =>
      !['listEvents', 'exportBooks', 'replayAccount', 'getPeriodClose', 'getClock'].includes(operationId) &&
      parameters.some(({ name }) => name === 'Ledger-Min-Position'),
  );
  await Promise.all(
    reads.map(async (operation) => {
      const isOfLedger = operation.path.includes('{ledger}/');
      const path = operation.path
        .replace('{ledger}', books.ledger)
        .replace('{address}', 'equity')
        .replace('{transaction}', 'txn_x')
        .replace('{event}', 'evt_x')
        .replace('{sandbox}', 'sbx_x')
        .replace('{endpoint}', 'we_x')
        .replace('{delivery}', 'msg_x')
        .replace('{replay}', 'rpl_x')
        .replace('{payment}', 'pay_x')
        .replace('{refund}', 're_x')
        .replace('{line}', 'bt_x')
        .replace('{payout}', 'po_x')
        .replace('{payoutBatch}', 'pob_x')
        .replace('{dispute}', 'dp_x')
        .replace('{account}', 'acct_x')
        .replace('{bankLine}', 'bsl_x')
        .replace('{statement}', 'bst_x')
        .replace('{customer}', 'cus_x')
        .replace('{subject}', 'sub_x')
        .replace('{method}', 'pm_x')
        .replace('{rule}', 'spr_x')
        .replace('{split}', 'spl_x')
        .replace('{rate}', 'fxr_x')
        .replace('{quote}', 'fxq_x')
        .replace('{conversion}', 'fxc_x')
        .replace('{transfer}', operation.path.startsWith('/v1/transfers') ? 'tr_x' : 'lt_x');
      const isOfPayments =
        /^\/v1\/(payments|fx|split_rules|splits|connected_accounts|transfers|customers|payment_methods|refunds|payouts|payout_batches|payout_schedule|disputes|negative_balances|balance|balance_transactions|bank_accounts|bank_statements|bank_statement_lines|reconciliation)(\/|$)/.test(
          operation.path,
        );
      const owner = isOfLedger ? books.ledger : isOfPayments ? books.paymentsLedger : books.organization;
      const headers = { 'ledger-min-position': `${owner}@999999999999` };
      const needed = (operation.parameters ?? []).filter(
        (one) => one.in === 'query' && one.required === true,
      );
      const query = needed.map(({ name }) => `${name}=${name === 'amount' ? 1 : 0}`).join('&');
      const sent = { method: 'GET', path: query === '' ? path : `${path}?${query}`, headers } as const;
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
