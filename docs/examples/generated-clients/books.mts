// What a user of the generated TypeScript client would write; prints what came of it as JSON.
import { createClient, createConfig } from './ledger/client/index.js';
import { createLedger, getBalance, listAccounts, openAccount, postTransaction } from './ledger/index.js';
import type {
  AccountPage,
  ListAccountsData,
  Problem,
  ProblemCode,
  TransactionAnswer,
} from './ledger/index.js';

const { LEDGER_URL: baseUrl = '', LEDGER_KEY: auth = '' } = process.env;
const client = createClient(createConfig({ baseUrl, auth }));

const { data: ledger } = await createLedger({
  client,
  body: { name: 'Books of TypeScript' },
  throwOnError: true,
});
const path = { ledger: ledger.id };
for (const [address, type] of [
  ['cash', 'asset'],
  ['sales', 'revenue'],
] as const) {
  await openAccount({ client, path, body: { address, type, currency: 'USD' }, throwOnError: true });
}

const post = (dryRun = false): Promise<{ data?: TransactionAnswer; error?: Problem }> =>
  postTransaction({
    client,
    path,
    query: { dry_run: dryRun },
    body: {
      entries: [
        { account: 'cash', direction: 'debit', amount: '900', currency: 'USD' },
        { account: 'sales', direction: 'credit', amount: '900', currency: 'USD' },
      ],
      reference: 'order-1',
    },
  });

const { data: tried } = await post(true);
const { data: posted } = await post();
if (tried === undefined || posted === undefined) throw new Error('it was refused');
const { data: balance } = await getBalance({
  client,
  path: { ...path, address: 'cash' },
  headers: { 'Ledger-Min-Position': posted.position },
  throwOnError: true,
});
// The reference is taken.
const { error } = await post();
if (error === undefined) throw new Error('it was not refused');
const code: ProblemCode = error.code;

const pages: string[][] = [];
for (let cursor: string | undefined = ''; cursor !== undefined;) {
  const query: NonNullable<ListAccountsData['query']> = { limit: 1, ...(cursor === '' ? {} : { cursor }) };
  const { data }: { data: AccountPage } = await listAccounts({ client, path, query, throwOnError: true });
  pages.push(data.data.map(({ address }) => address));
  cursor = data.next_cursor ?? undefined;
}

process.stdout.write(
  JSON.stringify({
    dry_run: tried.dry_run,
    status: posted.status,
    available: balance.available,
    pages,
    refused: { status: error.status, code, names_holder: error.transaction === posted.id },
  }),
);
