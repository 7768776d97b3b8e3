import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openHeadPublisher } from '@fintech-ledger/audit';
import type { HeadPublisher } from '@fintech-ledger/audit';
import { readConfig } from '@fintech-ledger/config';
import { canonicalJson, recomputeHash } from '@fintech-ledger/envelope';
import { verify } from '@fintech-ledger/ledger-verifier';
import { createLogger } from '@fintech-ledger/logging';
import { tamper } from '@fintech-ledger/testing';
import { modules } from '../apps/modules';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(120_000);

interface Line {
  readonly ledger: string;
  readonly size: number;
}
interface Stored {
  readonly id: string;
  readonly type: string;
  readonly revision: string;
  readonly data: string;
  readonly metadata: string;
}

/** Heads of ledgers that live in one database, published from there to a file, an HTTP address and another ledger. */
describe('published heads', () => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let folder = '';
  let file = '';
  let [books, kept, keys] = ['', '', ''];
  let publisher: HeadPublisher | undefined;
  const received: string[] = [];
  const authorized: (string | undefined)[] = [];
  let status = 204;
  const receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      authorized.push(request.headers.authorization);
      if (status < 300) received.push(...body.trimEnd().split('\n'));
      response.writeHead(status).end();
    });
  });

  const made = async (to: string, body: object = {}): Promise<Record<string, unknown>> =>
    (await http.when({ path: to, body }).thenAccepted()).json;
  const text = async (to: string): Promise<string> => {
    const answer = await documentedFetch(`${parts.url}${to}`, {
      headers: { authorization: `Bearer ${parts.apiKey}` },
    });
    expect([to, answer.status]).toEqual([to, 200]);
    return answer.text();
  };
  const transfer = (amount: string) =>
    made(`/v1/ledgers/${books}/transfers`, {
      ...{ debit_account: 'cash', credit_account: 'sales', amount, currency: 'USD' },
    });
  const until = async (what: () => Promise<boolean> | boolean): Promise<void> => {
    for (let n = 0; n < 400; n += 1) {
      if (await what()) return;
      await delay(50);
    }
    throw new Error('it does not come to be');
  };
  const rows = async <T extends object>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly T[]> => (await parts.live.query<T>(sql, values)).rows;
  const fileLines = async (): Promise<readonly string[]> =>
    (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const sizesOf = (lines: readonly string[], ledger = books): readonly number[] =>
    lines.map((line) => JSON.parse(line) as Line).flatMap((one) => (one.ledger === ledger ? [one.size] : []));

  const open = (everySeconds = 1, allowed = '127.0.0.0/8'): HeadPublisher => {
    const config = readConfig(
      {},
      {
        AUDIT_HEADS_SECONDS: String(everySeconds),
        AUDIT_HEADS_FILE: file,
        AUDIT_HEADS_URL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/heads`,
        AUDIT_HEADS_URL_TOKEN: 'secret',
        AUDIT_HEADS_LEDGER_URL: `${parts.url}/v1/ledgers/${kept}`,
        AUDIT_HEADS_LEDGER_KEY: parts.apiKey,
        ...(allowed === '' ? {} : { WEBHOOK_ALLOWED_CIDRS: allowed }),
      },
    );
    const log = createLogger('silent', hostname());
    publisher = openHeadPublisher({ db: parts.live, config, pepper: parts.pepper, log, pollMs: 20 });
    publisher.start();
    return publisher;
  };
  const stop = async (): Promise<void> => {
    await publisher?.stop();
    publisher = undefined;
  };
  /** Signs now, and waits until every target has all. */
  const publishAll = async (): Promise<void> => {
    await rows('delete from audit.head_rounds');
    await until(async () => (await rows('select from audit.head_rounds')).length === 1);
    await until(async () => (await behind()).length === 0);
  };
  const behind = () =>
    rows('select from audit.head_targets where sequence < (select max(sequence) from audit.published_heads)');
  const savedFile = async (name: string, content: string): Promise<string> => {
    const saved = path.join(folder, name);
    await writeFile(saved, content);
    return saved;
  };
  const judged = (given: Parameters<typeof verify>[0]): Promise<string> =>
    verify({ keys, ...given }).then(
      (said) => said.join('\n'),
      (error: unknown) => (error as Error).message,
    );
  const eventsFile = async (): Promise<string> =>
    savedFile('events', await text(`/v1/ledgers/${books}/events?limit=100`));

  beforeAll(async () => {
    parts = await startParts('embedded');
    folder = await mkdtemp(path.join(tmpdir(), 'published-heads-'));
    file = path.join(folder, 'heads.ndjson');
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    http = new HttpSpec(parts.url, parts.apiKey, '');
    [books, kept] = [
      String((await made('/v1/ledgers', { name: 'books' }))['id']),
      String((await made('/v1/ledgers', { name: 'kept' }))['id']),
    ];
    for (const [address, type] of Object.entries({ cash: 'asset', sales: 'revenue' }))
      await made(`/v1/ledgers/${books}/accounts`, { address, type, currency: 'USD' });
    await transfer('71');
    await text(`/v1/ledgers/${books}/audit/head`);
    keys = await savedFile('keys', await text('/v1/audit/keys'));
  });
  afterEach(stop);
  afterAll(async () => {
    await stop();
    await new Promise((resolve) => receiver.close(resolve));
    await parts?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('go to a file, an address and another ledger, and what each has is one history', async () => {
    open();
    await publishAll();
    for (const amount of ['73', '75']) {
      await transfer(amount);
      await text(`/v1/ledgers/${books}/audit/head`);
      await publishAll();
    }
    const lines = await fileLines();
    expect(sizesOf(lines).length).toBeGreaterThan(1);
    expect(received.filter((line) => JSON.parse(line).ledger === books)).toEqual(
      lines.filter((line) => JSON.parse(line).ledger === books),
    );
    expect(new Set(authorized)).toEqual(new Set(['Bearer secret']));
    const { data } = JSON.parse(
      await text(`/v1/ledgers/${kept}/transactions?metadata[head_ledger]=${books}&limit=100`),
    ) as { data: readonly { metadata: Record<string, string> }[] };
    expect(data.map(({ metadata }) => Number(metadata['head_size'])).toReversed()).toEqual(sizesOf(lines));
    // Else each of its heads would make another one.
    expect(
      JSON.parse(await text(`/v1/ledgers/${kept}/transactions?metadata[head_ledger]=${kept}`)).data,
    ).toEqual([]);
    const exported = await savedFile('books', await text(`/v1/ledgers/${books}/export?format=ndjson`));
    expect(await judged({ heads: file, export: exported })).toContain(
      'the head is the newest that was published',
    );
    expect(await judged({ heads: file, events: await eventsFile(), ledger: books })).toContain(
      'and have the roots of the published heads',
    );
  });

  it('are lost nowhere while a target fails, and come in their order afterwards', async () => {
    const before = received.length;
    status = 500;
    const opened = open();
    await transfer('77');
    await text(`/v1/ledgers/${books}/audit/head`);
    await rows('delete from audit.head_rounds');
    await until(async () => (await rows(`select from audit.head_targets where failures > 0`)).length === 1);
    await rows(`update audit.head_targets set complete_at = now() - interval '1 hour' where failures > 0`);
    expect(await opened.health()).toMatch(
      /^Tree heads: the url does not have all heads since \d+ s: it answered 500\.$/,
    );
    const [failing] = await rows<{ wait: number }>(
      `select extract(epoch from next_at - clock_timestamp())::float8 as wait from audit.head_targets where failures > 0`,
    );
    expect(failing?.wait).toBeLessThan(11);
    await stop();
    status = 204;
    await rows(`update audit.head_targets set next_at = now()`);
    await transfer('79');
    await text(`/v1/ledgers/${books}/audit/head`);
    const again = open();
    await publishAll();
    expect(await again.health()).toBeUndefined();
    expect(received.length).toBeGreaterThan(before);
    const lines = await fileLines();
    expect(sizesOf(received)).toEqual(sizesOf(lines));
    expect(await judged({ heads: file, ledger: books })).toContain('published heads hold');
  });

  it('are there once in a file and in a ledger, whenever the process was killed', async () => {
    open();
    await publishAll();
    await stop();
    const before = await fileLines();
    const sizes = async () => {
      const page = await text(`/v1/ledgers/${kept}/transactions?metadata[head_ledger]=${books}&limit=100`);
      return (JSON.parse(page) as { data: { metadata: Record<string, string> }[] }).data.map(
        ({ metadata }) => metadata['head_size'],
      );
    };
    const booked = await sizes();
    // As it is when the targets have heads and the database does not know it yet; the last line of the file is torn.
    await rows('update audit.head_targets set sequence = greatest(0, sequence - 3)');
    await truncate(file, Buffer.byteLength(before.map((line) => `${line}\n`).join('')) - 40);
    open();
    await until(async () => (await behind()).length === 0);
    await stop();
    expect((await fileLines()).slice(0, before.length)).toEqual(before);
    expect(new Set(await fileLines()).size).toBe((await fileLines()).length);
    expect(await sizes()).toEqual(booked);
  });

  it('have times that go forward, also where the clock went back', async () => {
    open();
    await publishAll();
    await stop();
    const last = `sequence = (select max(sequence) from audit.published_heads where ledger_id = $1)`;
    await rows(`update audit.published_heads set signed_at = now() + interval '1 hour' where ${last}`, [
      books,
    ]);
    await transfer('80');
    await text(`/v1/ledgers/${books}/audit/head`);
    open();
    await publishAll();
    const [next, ahead] = await rows<{ ms: string; line: string }>(
      `select (extract(epoch from date_trunc('milliseconds', signed_at)) * 1000)::bigint::text as ms, line
         from audit.published_heads where ledger_id = $1 order by sequence desc limit 2`,
      [books],
    );
    expect(Number(next?.ms)).toBe(Number(ahead?.ms) + 1);
    expect(Date.parse((JSON.parse(next?.line ?? '{}') as { time: string }).time)).toBe(Number(next?.ms));
    expect(await judged({ heads: file, ledger: books })).toContain('published heads hold');
  });

  it('go where the guard lets them, and nowhere else', async () => {
    open(1, '');
    await transfer('81');
    await text(`/v1/ledgers/${books}/audit/head`);
    await rows('delete from audit.head_rounds');
    await until(async () => (await rows('select from audit.head_targets where failures > 0')).length === 2);
    const failures = await rows<{ failure: string }>(
      'select failure from audit.head_targets where failures > 0',
    );
    for (const { failure } of failures) expect(failure).toContain('not public');
    await stop();
    await rows('update audit.head_targets set next_at = now()');
    open();
    await until(async () => (await behind()).length === 0);
  });

  it('catch a history that was rewritten with all its hashes, and one that was shortened', async () => {
    open();
    await publishAll();
    await stop();
    const yesterday = await savedFile('yesterday', await readFile(file, 'utf8'));
    const stream = `journal-${books}`;
    await parts.stopProjector();
    const events = await rows<Stored>(
      `select e.id, e.type, e.revision, e.data, e.metadata from store.events e join store.streams s on s.id = e.stream_id
        where s.name = $1 order by e.revision`,
      [stream],
    );
    expect(events.length).toBeLessThanOrEqual(32);
    const of = `stream_id = (select id from store.streams where name = '${stream}')`;
    const write = async (hashes: readonly string[]): Promise<void> => {
      const entries = Buffer.from(hashes.join(''), 'hex');
      await rows('update read.merkle_tiles set entries = $2 where ledger_id = $1 and level = 0', [
        books,
        entries,
      ]);
    };
    const lineOf = ({ id, type, revision, data, metadata }: Stored): string =>
      `{"id":"${id}","type":"${type}","stream":"${stream}","revision":${revision},"data":${data},"metadata":${metadata}}\n`;
    const cutOff = await savedFile('cut', events.slice(0, -1).map(lineOf).join(''));
    expect(await judged({ events: cutOff })).toBe(`${events.length - 1} events hold`);
    expect(await judged({ events: cutOff, heads: yesterday, ledger: books })).toMatch(
      new RegExp(`^revision ${events.length - 1} does not hold: it is missing, the head published at `),
    );
    let previousHash = '0'.repeat(64);
    const hashes: string[] = [];
    for (const event of events) {
      const data = event.data.replaceAll('"73"', '"83"');
      const unsealed = { ...(JSON.parse(event.metadata) as object), previousHash, hash: '0'.repeat(64) };
      const metadata = canonicalJson(unsealed);
      const stored = { ...event, stream, revision: Number(event.revision), data, metadata };
      previousHash = recomputeHash(stored) ?? '';
      hashes.push(previousHash);
      const sealed = canonicalJson({ ...unsealed, hash: previousHash });
      const values = [event.revision, data, sealed];
      await tamper(
        parts.database,
        `update store.events set data = $2, metadata = $3 where revision = $1 and ${of}`,
        values,
      );
    }
    await write(hashes);
    const newest = sizesOf(await fileLines()).at(-1);
    // Nobody sees it who has nothing but the events.
    const events2 = await eventsFile();
    expect(await judged({ events: events2 })).toBe(`${events.length} events hold`);
    expect(await judged({ events: events2, heads: yesterday, ledger: books })).toMatch(
      /^the head published at \S+ does not hold: .*: one of them was rewritten$/,
    );
    const exported = await savedFile('rewritten', await text(`/v1/ledgers/${books}/export?format=ndjson`));
    expect(await judged({ export: exported })).toContain('the export holds');
    expect(await judged({ export: exported, heads: yesterday })).toMatch(/the history was rewritten$/);

    // The publisher sees that, too, where the log went on: here with one event fewer in what was published.
    await rows('delete from audit.published_heads where ledger_id = $1 and size = $2', [books, newest]);
    const opened = open();
    await rows('delete from audit.head_rounds');
    await until(async () => (await opened.health()) !== undefined);
    expect(await opened.health()).toMatch(
      new RegExp(`^Tree heads: ${books} was rewritten or shortened: its first \\d+ events are not those`),
    );
    expect(sizesOf(await fileLines()).at(-1)).toBe(newest);
    await stop();

    const short = events.length - 2;
    await tamper(parts.database, `delete from store.events where revision >= ${short} and ${of}`);
    await tamper(parts.database, `delete from store.appends where last_revision >= ${short} and ${of}`);
    await tamper(parts.database, `update store.streams set revision = ${short - 1} where name = '${stream}'`);
    await write(hashes.slice(0, short));
    await rows(`update read.checkpoint_rows set revision = $2 where stream = $1`, [stream, short - 1]);
    const closed = open();
    await rows('delete from audit.head_rounds');
    await until(async () => (await closed.health())?.includes('and a head of') === true);
    await stop();

    // An operator who takes an older store as it is has the publisher go on; who has the heads sees what was lost.
    await parts.database.transaction((sql) => modules.takeBack(sql, stream, 0));
    const accepted = open();
    await publishAll();
    expect(await accepted.health()).toBeUndefined();
    expect(sizesOf(await fileLines()).at(-1)).toBe(short);
    expect(await judged({ heads: file, ledger: books })).toMatch(/the history was shortened$/);
  });
});
