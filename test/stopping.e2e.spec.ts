import { tcpProxy, testDatabase } from '@fintech-ledger/testing';
import type { TcpProxy, TestDatabase } from '@fintech-ledger/testing';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { DistributedSet } from './support/distributed-set';
import { LedgerClient } from './support/ledger-client';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

// How long a stop may take at most is in the product: the processes end by themselves, and a test that waits for ever fails.
jest.setTimeout(180_000);

describe('one process that is told to stop', () => {
  let testing: TestDatabase;
  let proxy: TcpProxy;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    buildStandalone();
    [testing, folder] = await Promise.all([testDatabase(), temporaryFolder()]);
    proxy = await tcpProxy(testing.url);
  });
  beforeEach(async () => {
    proxy.set('none');
    standalone = await startStandaloneProcess({
      dataFolder: folder.path,
      environment: { DATABASE_URL: proxy.url },
    });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await standalone?.stop();
  });
  afterAll(async () => {
    await proxy?.close();
    await testing?.drop();
    await folder?.remove();
  });

  /** Sends the head of a request; `answered` is all that comes until the connection is closed. */
  async function sent(request: string, headers: string) {
    const { hostname, port } = new URL(standalone.url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    let text = '';
    const begun = once(socket, 'data');
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined);
    const answered = once(socket, 'close').then(() => text);
    await once(socket, 'connect');
    const key = `Authorization: Bearer ${standalone.apiKey}\r\n`;
    socket.write(`${request} HTTP/1.1\r\nHost: x\r\n${key}${headers}\r\n`);
    return { answered, begun, write: (more: string) => socket.write(more) };
  }

  it('is kept neither by a kept connection nor by a request without an end', async () => {
    const client = new LedgerClient(standalone.url, standalone.apiKey);
    const made = await client.post('/v1/ledgers', { name: 'stopping' });
    const { id: ledger } = JSON.parse(made.text) as { id: string };
    const lines = await sent(
      `POST /v1/ledgers/${ledger}/transactions/bulk`,
      'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n',
    );
    lines.write('3\r\n{}\n\r\n');
    await lines.begun;
    expect(await standalone.stop()).toBe(0);
    await client.close();
    await lines.answered;
    expect(standalone.log()).toContain('stopping: cut off requests that had not ended');
    expect(standalone.log()).toContain('/v1/ledgers/{ledger}/transactions/bulk');
  });

  it('ends with 1 and says what it cut off when Postgres does not answer', async () => {
    proxy.set('partitioned');
    const request = await sent('GET /v1/ledgers?limit=1', '');
    expect(await standalone.stop()).toBe(1);
    expect(await request.answered).not.toMatch(/^HTTP\/1\.1 200/);
    expect(standalone.log()).toContain('stopping: cut off a part that hangs');
    expect(standalone.log()).toContain('stopped: cut off what did not close in time');
  });
});

describe('the processes of the distributed mode that are told to stop', () => {
  let set: DistributedSet;
  const proxies: TcpProxy[] = [];

  beforeAll(async () => {
    set = await DistributedSet.start({
      async changes(databaseUrl) {
        const proxy = await tcpProxy(databaseUrl);
        proxies.push(proxy);
        const environment = { DATABASE_URL: proxy.url };
        return {
          api: environment,
          'writer-1': environment,
          'relay-1': environment,
          'projector-1': environment,
        };
      },
    });
  });
  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await set?.close();
  });

  it('end by themselves when Postgres does not answer', async () => {
    for (const proxy of proxies) proxy.set('partitioned');
    const codes = await Promise.all([...set.apps].map(async ([name, app]) => [name, await app.stop()]));
    for (const [name, code] of codes) expect([name, [0, 1]]).toEqual([name, expect.arrayContaining([code])]);
  });
});
