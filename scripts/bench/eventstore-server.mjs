// The wire-level EventStoreDB server of the tests, as a process of its own: where no real one can run, what the client costs can still be measured.
import { lib } from './start.mjs';

const server = await lib('testing').startEventStoreDbServer();
process.stdout.write(`${server.url}\n`);
process.once('SIGTERM', () => void server.close().then(() => process.exit()));
