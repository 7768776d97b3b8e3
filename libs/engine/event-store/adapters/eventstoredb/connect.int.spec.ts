import { startEventStoreDbServer } from '@fintech-ledger/testing';
import type { EventStoreDbServer } from '@fintech-ledger/testing';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freshStream, someEvents, take } from '../../contract/contract-subject';
import { StoreUnavailable } from '../../port';
import { EventStoreDbEventStore } from './eventstoredb-event-store';
import { EventStoreUrlInvalid } from './event-store-url';

const root = path.join(__dirname, '../../../../..');
const credentials = { username: 'ledger', password: 'p:@ss/w?rd%' };
let secure: EventStoreDbServer;
let plain: EventStoreDbServer;

beforeAll(async () => {
  secure = await startEventStoreDbServer({
    tls: true,
    credentials,
    users: [{ username: 'plain', password: 'p' }],
  });
  plain = await startEventStoreDbServer();
});

afterAll(async () => {
  await secure.close();
  await plain.close();
});

/** What an append, a read and a subscription say, each of which must be the same kind of trouble. */
async function troubleWith(url: string): Promise<string> {
  const messages: string[] = [];
  const store = new EventStoreDbEventStore({
    url,
    appendTimeoutMs: 3_000,
    readTimeoutMs: 3_000,
    onSubscriptionLost: (error) => messages.push(error.message),
  });
  const subscription = store.subscribe({ streamPrefixes: [''] });
  const next = subscription[Symbol.asyncIterator]().next();
  for (const trouble of [
    () => store.append(freshStream(), 'no_stream', someEvents(1)),
    () => store.readStream(freshStream(), { limit: 1 }),
  ]) {
    const error: unknown = await trouble().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreUnavailable);
    messages.push((error as Error).message);
  }
  await subscription.close();
  expect((await next).done).toBe(true);
  await store.close();
  expect(new Set(messages.map((message) => message.replace(/\(.*/, ''))).size).toBe(1);
  expect(messages.length).toBeGreaterThan(2);
  return messages[0] ?? '';
}

/** Runs the command of the how-to that lets a plain user read `$all`. */
async function followHowTo(adminUrl: string, user: string): Promise<void> {
  const page = readFileSync(path.join(root, 'docs/how-to/run-distributed.md'), 'utf8');
  const [, command] =
    /```sh\n(node --eval (?:(?!```)[^])*setStreamMetadata(?:(?!```)[^])*)```/.exec(page) ?? [];
  if (command === undefined) throw new Error('the how-to does not say how to let a user read $all');
  const typed = command.replace("'ledger'", `'${user}'`).replace(/'esdb:[^']*'/, `'${adminUrl}'`);
  await promisify(execFile)('sh', ['-c', typed], { cwd: root, timeout: 20_000 });
}

describe('a connection to EventStoreDB', () => {
  it('by TLS with user and password', async () => {
    const store = new EventStoreDbEventStore({ url: secure.url });
    const stream = freshStream();
    expect(await store.append(stream, 'no_stream', someEvents(2))).toMatchObject({ revision: 1 });
    expect(await take(store.subscribe({ streamPrefixes: [stream] }), 2)).toHaveLength(2);
    await store.close();
  });

  it('with a wrong password says so, without the password', async () => {
    const message = await troubleWith(secure.urlWith({ credentials: 'ledger:wrong-one' }));
    expect(message).toMatch(/refused the user "ledger": check user and password/);
    expect(message).not.toContain('wrong-one');
  });

  it('without credentials says what is needed', async () => {
    expect(await troubleWith(secure.urlWith({ credentials: '' }))).toMatch(
      /does not let a caller without credentials do this/,
    );
  });

  it('of a plain user, who may not read $all, says so, and works once the how-to was followed', async () => {
    const lost: string[] = [];
    const url = secure.urlWith({ credentials: 'plain:p' });
    const denied = new EventStoreDbEventStore({
      url,
      onSubscriptionLost: ({ message }) => lost.push(message),
    });
    const appending = denied.append(freshStream(), 'no_stream', someEvents(1));
    await expect(appending).rejects.toThrow(/does not let the user "plain" do this: it must read \$all/);
    const following = take(denied.subscribe({ streamPrefixes: [''] }), 1);
    while (lost.length === 0) await sleep(5);
    expect(lost[0]).toMatch(/it must read \$all/);
    await denied.close();
    expect(await following).toEqual([]);
    await followHowTo(secure.url, 'plain');
    const store = new EventStoreDbEventStore({ url });
    const stream = freshStream();
    await store.append(stream, 'no_stream', someEvents(2));
    expect(await take(store.subscribe({ streamPrefixes: [stream] }), 2)).toHaveLength(2);
    expect(await store.readStream(freshStream(), { limit: 1 })).toEqual([]);
    await store.close();
  });

  it('by TLS to a plain port says that the port does not speak TLS', async () => {
    expect(await troubleWith(plain.urlWith({ tls: true }))).toMatch(/does not speak TLS: add tls=false/);
  });

  it('without TLS to a TLS port says that TLS may be expected', async () => {
    expect(await troubleWith(secure.urlWith({ tls: false }))).toMatch(/if it expects TLS, remove tls=false/);
  });

  it('to a certificate of an unknown CA says how to name it', async () => {
    const url = secure.url.replace(/&tlsCAFile=.*/, '');
    expect(await troubleWith(url)).toMatch(/can't be verified: name its CA with tlsCAFile/);
  });

  it('by TLS to a cluster without says what to check', async () => {
    const url = plain.urlWith({ tls: true, isDiscovered: true });
    expect(await troubleWith(`${url}&maxDiscoverAttempts=1`)).toMatch(
      /no node of the cluster .* says who leads it: check hosts and ports, that they speak TLS/,
    );
  });

  it('to an unknown host says so', async () => {
    expect(await troubleWith('esdb://no-such-host.invalid:2113?tls=false')).toMatch(/host of .* is unknown/);
  });

  it('with a typo in the connection string is refused before anything is sent', () => {
    expect(() => new EventStoreDbEventStore({ url: 'esbd://localhost' })).toThrow(EventStoreUrlInvalid);
  });

  it('with a CA file that is missing, or none, is refused', () => {
    const open = (file: string) =>
      new EventStoreDbEventStore({ url: `esdb://h?tlsCAFile=${encodeURIComponent(file)}` });
    expect(() => open('/nowhere/ca.pem')).toThrow(/tlsCAFile, \/nowhere\/ca.pem, can't be read \(ENOENT\)/);
    const noPem = `${secure.certificateFile ?? ''}.txt`;
    writeFileSync(noPem, 'hello');
    expect(() => open(noPem)).toThrow(/is not in PEM/);
  });
});
