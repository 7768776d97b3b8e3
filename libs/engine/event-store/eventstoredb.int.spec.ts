import { testEventStoreUrl } from '@fintech-ledger/config';
import { startEventStoreDbServer } from '@fintech-ledger/testing';
import type { EventStoreDbServer } from '@fintech-ledger/testing';
import { openEventStoreDb } from './adapters/eventstoredb/open-eventstoredb';
import { describeEventStoreContract } from './contract-suite';
import type { EventStoreWithLog } from './log-reader';

// A real server when there is one, see docs/how-to/run-against-eventstoredb.md.
const realUrl = testEventStoreUrl();

let server: EventStoreDbServer | undefined;
let url: string;
let store: EventStoreWithLog;

beforeAll(async () => {
  server = realUrl === undefined ? await startEventStoreDbServer() : undefined;
  url = realUrl ?? server?.url ?? '';
  // What is held to the contract is what is appended; a busy machine may take its time.
  store = await openEventStoreDb({ url, appendTimeoutMs: 20_000 });
});

afterAll(async () => {
  await store.close();
  await server?.close();
});

describeEventStoreContract(
  realUrl === undefined ? 'eventstoredb (wire server)' : 'eventstoredb (real server)',
  {
    store: () => store,
    log: () => store,
    openAnother: () => openEventStoreDb({ url }),
    ...(realUrl === undefined && {
      damage: {
        cutOff: (stream: string, before: number) => void server?.log.describe(stream, { $tb: before }),
        remove: (stream: string) => void server?.log.delete(stream, 'any', true),
      },
    }),
  },
);
