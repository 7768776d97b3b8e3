import { WebhookVerifier } from '@fintech-ledger/webhook-verifier';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { openEmbedded } from './support/embedded-database';
import { HttpSpec } from './support/http-spec';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(180_000);

describe('ledgerctl', () => {
  const received: { readonly at: string; readonly headers: object; readonly body: string }[] = [];
  let server: Server;
  let receiver = '';
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let http: HttpSpec;
  let key = '';
  let ledger = '';
  const children: ChildProcess[] = [];

  /** Its output, as it comes. */
  function start(parameters: readonly string[], apiKey = key) {
    const script = path.resolve(__dirname, '../scripts/ledgerctl.mjs');
    const env = { ...process.env, LEDGER_URL: standalone.url, LEDGER_API_KEY: apiKey };
    const child = spawn(process.execPath, [script, ...parameters], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const told = { output: '', errors: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (told.output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (told.errors += chunk));
    return { child, told, exit: once(child, 'close') as Promise<[number | null]> };
  }
  async function ended({ told, exit }: ReturnType<typeof start>) {
    const [exitCode] = await exit;
    return { exitCode, ...told };
  }
  const ledgerctl = (...parameters: readonly string[]) => ended(start(parameters));
  /** What needs a key of the operator. */
  const parked = (...parameters: readonly string[]) =>
    ended(start(['parked', ...parameters], standalone.apiKey));
  async function until(isSo: () => boolean): Promise<void> {
    for (let n = 0; n < 600; n += 1) {
      if (isSo()) return;
      await delay(50);
    }
    throw new Error(standalone.log());
  }
  const made = async (to: string, body: object = {}) =>
    (await http.when({ path: to, body }).thenAccepted()).json;
  const transfer = () =>
    made(`/v1/ledgers/${ledger}/transfers`, {
      ...{ debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' },
    });

  beforeAll(async () => {
    buildStandalone();
    server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({ at: request.url ?? '', headers: request.headers, body });
        response.writeHead(204).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    receiver = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = await temporaryFolder();
    standalone = await startStandaloneProcess({
      dataFolder: folder.path,
      environment: { WEBHOOK_ALLOWED_CIDRS: '127.0.0.1/32' },
    });
    const live = new HttpSpec(standalone.url, standalone.apiKey, '');
    const sandbox = await live.when({ path: '/v1/sandboxes', body: { name: 'cli' } }).thenAccepted();
    key = String(sandbox.json['api_key']);
    http = new HttpSpec(standalone.url, key, '');
    ledger = String((await made('/v1/ledgers', { name: 'books' }))['id']);
    for (const address of ['a', 'b'])
      await made(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
  });
  afterAll(async () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    await standalone?.stop();
    server?.closeAllConnections();
    server?.close();
    await folder?.remove();
  });

  it('lists endpoints, tails and retries deliveries, and replays with how far it is', async () => {
    for (let n = 0; n < 3; n += 1) await transfer();
    const { id } = await made('/v1/webhook_endpoints', {
      ...{ url: `${receiver}/hook`, event_types: ['transaction.*'] },
    });
    expect(await ledgerctl('webhooks', 'list')).toMatchObject({
      exitCode: 0,
      output: `${String(id)}\tenabled\ttransaction.*\t${receiver}/hook\n`,
    });
    const counted = await ledgerctl('webhooks', 'replay', String(id), '--dry-run');
    expect(counted).toMatchObject({ exitCode: 0, output: '3 events\n' });
    const replayed = await ledgerctl('webhooks', 'replay', String(id), '--from-position', `${ledger}@0`);
    expect(replayed).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/^rpl_\w+\tdone\t3 sent, 0 failed, 3 events\n$/),
    });
    expect(received.filter(({ at }) => at === '/hook')).toHaveLength(3);
    const { output } = await ledgerctl('webhooks', 'tail', String(id), '--no-follow');
    const lines = output.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/\t#3\ttransaction\.posted\tmsg_\w+\tsucceeded \(1 attempts\)$/);
    expect(await ledgerctl('webhooks', 'parked', String(id))).toMatchObject({ exitCode: 0, output: '' });
    const message = /msg_\w+/.exec(lines[0] ?? '')?.[0] ?? '';
    expect(await ledgerctl('webhooks', 'retry', message)).toMatchObject({ exitCode: 0 });
    await until(() => received.filter(({ at }) => at === '/hook').length === 4);
    const tailing = start(['webhooks', 'tail', String(id)]);
    await until(() => tailing.told.output.includes('#3'));
    await transfer();
    await until(() => /#4\ttransaction\.posted\tmsg_\w+\tsucceeded/.test(tailing.told.output));
    tailing.child.kill('SIGINT');
    await tailing.exit;
  });

  it('says what it can not do: no such endpoint, a range with nothing in it', async () => {
    expect(await ledgerctl('webhooks', 'tail', 'we_none')).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('webhook_endpoint_not_found'),
    });
    const { id } = await made('/v1/webhook_endpoints', {
      ...{ url: `${receiver}/none`, event_types: ['hold.*'] },
    });
    expect(await ledgerctl('webhooks', 'replay', String(id))).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('empty_replay_range'),
    });
    expect(await ledgerctl('listen', '--forward-to', 'localhost:3000')).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('is not a URL'),
    });
  });

  it('lists, retries and discards events that a reader could not take', async () => {
    const { id } = await made('/v1/webhook_endpoints', {
      ...{ url: `${receiver}/parked`, event_types: ['hold.*'] },
    });
    const revision = Number(String((await transfer())['position']).split('@')[1]);
    const stream = `journal-${ledger}`;
    const database = await openEmbedded(folder.path);
    try {
      await database.query(
        `insert into hooks.parked (id, endpoint_id, stream, revision, type, reason, at_ms)
         select 'prk_' || repeat(n::text, 32), $1, $2, $3::int + case n when 1 then 0 else 1000000 end,
                'transaction.posted', E'is not\tJSON', n
           from generate_series(1, 2) as n`,
        [id as string, stream, revision],
      );
      // Of a reader that no process has, so that it stays halted.
      await database.query(
        `insert into read.halted_streams (id, projection, stream, revision, reason, attempts, retry_at)
         values ('prk_' || repeat('3', 32), 'relay:gone', $1, 0, 'it was changed', 1, 'infinity')`,
        [stream],
      );
    } finally {
      await database.close();
    }
    const [good, missing, halted] = ['1', '2', '3'].map((digit) => `prk_${digit.repeat(32)}`) as [
      string,
      string,
      string,
    ];
    const { exitCode, output } = await parked('list');
    expect(exitCode).toBe(0);
    const lines = output.trim().split('\n');
    // Id, state, reader, event, reason and advice.
    expect(lines.map((line) => line.split('\t').slice(0, 5))).toEqual([
      [halted, 'halted', 'relay:gone', `${stream}@0`, 'it was changed'],
      [missing, 'parked', 'webhook_messages', `${stream}@${revision + 1_000_000}`, 'is not JSON'],
      [good, 'parked', 'webhook_messages', `${stream}@${revision}`, 'is not JSON'],
    ]);
    for (const line of lines) expect(line.split('\t')[5]).toMatch(/^\S.*\.$/);
    expect((await parked('list', '--reader', 'relay:gone')).output).toBe(`${lines[0]}\n`);
    expect(await parked('list', '--state', 'lost')).toMatchObject({
      exitCode: 1,
      errors: expect.stringContaining('state'),
    });

    expect(await parked('retry', good)).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`${good}\tsent\t`),
    });
    await until(() => received.some(({ at }) => at === '/parked'));
    expect(await parked('retry', missing)).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining(`${missing}\tparked\t`),
      errors: expect.stringContaining('the event store has no'),
    });
    expect(await parked('retry', halted)).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`${halted}\thalted\t`),
    });

    expect(await parked('discard', missing)).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('--reason'),
    });
    expect(await parked('discard', missing, '--reason', 'it was deleted')).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`${missing}\tdiscarded\t`),
    });
    expect((await parked('list', '--state', 'discarded')).output).toContain(missing);
    for (const [refused, code] of [
      [missing, 'parked_event_settled'],
      [halted, 'parked_event_not_discardable'],
      [`prk_${'0'.repeat(32)}`, 'parked_event_not_found'],
    ] as const)
      expect(await parked('discard', refused, '--reason', 'x')).toMatchObject({
        exitCode: 1,
        errors: expect.stringContaining(code),
      });
    expect(await ledgerctl('parked', 'list')).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('ops:read'),
    });
  });

  it('forwards what happens from then on to a URL of this machine, signed, and nothing of before', async () => {
    await transfer();
    const listening = start(['listen', '--forward-to', `${receiver}/local`, '--events', 'transaction.*']);
    await until(() => listening.told.output.includes('Forwarding'));
    const [, secret = ''] = /Signing secret: (whsec_\S+)/.exec(listening.told.output) ?? [];
    const positions = [(await transfer())['position'], (await transfer())['position']];
    const local = () => received.filter(({ at }) => at === '/local');
    await until(() => local().length >= 2);
    await delay(1_500);
    listening.child.kill('SIGINT');
    await listening.exit;
    const events = local().map(
      ({ body, headers }) => new WebhookVerifier(secret).verify(body, headers as never).event,
    );
    expect(events.map(({ position }) => position)).toEqual(positions);
    expect(events).toMatchObject([
      { sequence: 1, livemode: false },
      { sequence: 2, livemode: false },
    ]);
    expect(listening.told.output).toMatch(/\ttransaction\.posted\tevt_\w+\t204 \(\d+ ms\)\n/);
  });
});
