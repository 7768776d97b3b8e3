import { journalStream } from '@fintech-ledger/envelope';
import { seededRandom } from '@fintech-ledger/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { seedOf } from '../libs/testing/seed';
import { documentedFetch } from './support/documented-fetch';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';
import { randomCsv, randomRecords, randomTransactions } from './support/random-files';
import type { Draw } from './support/random-files';

// A dry run of lines and of files answers what the real run answers that comes after it, and leaves nothing.
jest.setTimeout(300_000);

const seed = seedOf('DRY_RUN_SEED');
const rounds = Number(process.env['DRY_RUN_ROUNDS'] ?? 6);

/** Without what no two runs have in common: ids, times, positions. */
function comparable(text: string): unknown {
  const plain = text
    .replaceAll(/\b(txn|req|led|acct)_[A-Za-z0-9]+/g, '$1')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
    .replaceAll(/led@-?\d+/g, 'position')
    .replaceAll(',"dry_run":true', '');
  return plain
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe.each(['embedded', 'distributed'] as const)('a dry run of many lines, %s', (mode) => {
  let parts: PartsInProcess;
  let draw: Draw;
  /** Of dry runs. */
  const requests: string[] = [];

  beforeAll(async () => {
    parts = await startParts(mode);
    const random = seededRandom(seed);
    draw = {
      below: (n) => Math.floor(random() * n),
      of: (list) => list[Math.floor(random() * list.length)] as never,
      chance: (share) => random() < share,
    };
  });
  afterAll(() => parts?.close());

  const post = (path: string, body: string, type: string, key?: string): Promise<Response> =>
    documentedFetch(`${parts.url}${path}`, {
      ...{ method: 'POST', body },
      headers: {
        ...{ authorization: `Bearer ${parts.apiKey}`, 'content-type': type },
        ...(key !== undefined && { 'idempotency-key': key }),
      },
    });
  /** Again, as clients do, where something was unavailable for a moment. */
  const tryOut = async (...asked: Parameters<typeof post>) => {
    for (;;) {
      const dry = await post(...asked);
      const dryText = await dry.text();
      requests.push(dry.headers.get('request-id') ?? 'none');
      if (!dryText.includes('"status":503')) return { dry, dryText };
    }
  };
  const newLedger = async (): Promise<string> => {
    const made = await post('/v1/ledgers', JSON.stringify({ name: 'dry' }), 'application/json');
    return ((await made.json()) as { id: string }).id;
  };
  const open = async (ledger: string, address: string, more: object = {}): Promise<void> => {
    const body = { address, type: 'liability', currency: 'USD', ...more };
    const { status } = await post(`/v1/ledgers/${ledger}/accounts`, JSON.stringify(body), 'application/json');
    expect(status).toBe(201);
  };
  /** The ends of the journal and of the streams of organizations; the trail of requests goes on beside them. */
  const streams = async (ledger: string): Promise<unknown> => {
    const { rows } = await parts.database.query(
      `select name, revision from store.streams where name = $1 or name like 'org-%' order by name`,
      [journalStream(ledger)],
    );
    return rows;
  };

  /** Tries it, does it, and tries what is there by then. */
  async function compare(ledger: string, path: string, body: string, type: string): Promise<void> {
    const url = `/v1/ledgers/${ledger}${path}`;
    const tried = `${url}?dry_run=true`;
    const key = draw.chance(0.5) ? `key ${draw.below(1_000_000)}` : undefined;
    const before = await streams(ledger);
    for (const again of [false, true]) {
      const { dry, dryText } = await tryOut(tried, body, type, key);
      if (!again) expect(await streams(ledger)).toEqual(before);
      // Of a file that is done under its key the answer is kept, and dry runs do not look at what is kept.
      const real = await post(url, body, type, again && path === '/imports' ? undefined : key);
      const realText = await real.text();
      expect([dry.status, comparable(dryText)]).toEqual([real.status, comparable(realText)]);
      if (type !== 'application/x-ndjson' || path === '/imports') continue;
      expect(dry.headers.get('idempotency-replayed')).toBe(real.headers.get('idempotency-replayed'));
      if (again) continue;
      const posted = [...dryText.matchAll(/"status":"(posted|pending)"/g)].length;
      expect([...dryText.matchAll(/"dry_run":true/g)]).toHaveLength(posted);
    }
  }

  it(`answers lines of transactions as the real run does (DRY_RUN_SEED=${seed})`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ledger = await newLedger();
      await open(ledger, 'a');
      await open(ledger, 'b', { min_balance: '0' });
      await open(ledger, 'c', { min_balance: '0', max_balance: '60' });
      const keyless = randomTransactions(draw, 30);
      await compare(ledger, '/transactions/bulk', keyless, 'application/x-ndjson');
    }
  });

  it(`answers files of CSV as the real run does (DRY_RUN_SEED=${seed})`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ledger = await newLedger();
      if (draw.chance(0.5)) await open(ledger, 'assets:a0', { type: draw.of(['asset', 'liability']) });
      await compare(ledger, '/imports', randomCsv(draw, round), 'text/csv');
    }
  });

  it(`answers files of records as the real run does (DRY_RUN_SEED=${seed})`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const ledger = await newLedger();
      if (draw.chance(0.5)) await open(ledger, 'a0', { type: draw.of(['asset', 'liability']) });
      await compare(ledger, '/imports', randomRecords(draw, 40, round), 'application/x-ndjson');
    }
  });

  it('is refused of what is more than its memory takes', async () => {
    const ledger = await newLedger();
    for (const address of ['a', 'b']) await open(ledger, address);
    const entries = [
      { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
      { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
    ];
    const many = `${JSON.stringify({ entries })}\n`.repeat(3_000);
    const tried = `/v1/ledgers/${ledger}/transactions/bulk?dry_run=true`;
    const lines = (await (await post(tried, many, 'application/x-ndjson')).text()).trim().split('\n');
    expect(lines).toHaveLength(3_000);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 'posted', dry_run: true });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ code: 'dry_run_too_large', line: 3_000 });
    const rows = Array.from(
      { length: 3_000 },
      (_, i) => `${i},2024-01-01,assets:a,1,USD\n${i},2024-01-01,equity:b,-1,USD`,
    );
    const csv = `transaction,date,account,amount,unit\n${rows.join('\n')}\n`;
    const file = await post(`/v1/ledgers/${ledger}/imports?dry_run=true`, csv, 'text/csv');
    expect([file.status, await file.json()]).toMatchObject([422, { code: 'dry_run_too_large' }]);
  });

  it('ends when its client leaves', async () => {
    const ledger = await newLedger();
    const url = `${parts.url}/v1/ledgers/${ledger}/transactions/bulk?dry_run=true`;
    const headers = { authorization: `Bearer ${parts.apiKey}`, 'content-type': 'application/x-ndjson' };
    // More of them than there may be at once.
    for (let i = 0; i < 4; i += 1) {
      const leaving = new AbortController();
      const body = new ReadableStream({ start: (lines) => lines.enqueue(Buffer.from('{"entries":[]}\n')) });
      const sent = { method: 'POST', headers, body, signal: leaving.signal, duplex: 'half' };
      const answer = await documentedFetch(url, sent as RequestInit);
      expect(answer.status).toBe(200);
      await answer.body?.getReader().read();
      leaving.abort();
      // The server hears of it a little later.
      for (;;) {
        const { status } = await post(url.slice(parts.url.length), '{}\n', 'application/x-ndjson');
        if (status === 200) break;
        expect(status).toBe(503);
      }
    }
  });

  it('leaves nothing in the audit log', async () => {
    const log = async (): Promise<string> => {
      const { rows } = await parts.database.query<{ data: string }>(
        `select e.data from store.events e join store.streams s on s.id = e.stream_id where s.name like 'audit-%'`,
      );
      return rows.map(({ data }) => data).join('\n');
    };
    expect(requests.length).toBeGreaterThan(0);
    // What was refused later than all of them is there in the end.
    const ledger = await newLedger();
    await open(ledger, 'a');
    const body = JSON.stringify({ address: 'a', type: 'asset', currency: 'EUR' });
    const refused = await post(`/v1/ledgers/${ledger}/accounts`, body, 'application/json');
    expect(refused.status).toBe(409);
    const last = refused.headers.get('request-id') ?? 'none';
    while (!(await log()).includes(last)) await delay(50);
    const all = await log();
    for (const id of requests) expect(all).not.toContain(id);
  });
});
