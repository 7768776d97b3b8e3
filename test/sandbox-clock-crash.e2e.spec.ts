import { birthOf } from '@fintech-ledger/envelope';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpSpec } from './support/http-spec';
import type { HttpAnswer } from './support/http-spec';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(240_000);

const start = Date.parse('2031-01-01T00:00:00.000Z');
const minuteMs = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();
const [ledgers, holdsOfEach] = [3, 400];
/** At the end of an event's id, its type. */
const markChars = 4;

describe('an advance of the clock of a sandbox', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;

  beforeAll(async () => {
    buildStandalone();
    folder = await temporaryFolder();
    standalone = await startStandaloneProcess({ dataFolder: folder.path });
  });
  afterAll(async () => {
    await standalone?.stop();
    await folder?.remove();
  });

  async function holdsIn(http: HttpSpec, first: number): Promise<void> {
    const made = async (path: string, body: object) => (await http.when({ path, body }).thenAccepted()).json;
    const ledger = String((await made('/v1/ledgers', { name: 'Books' }))['id']);
    for (const address of ['a', 'b'])
      await made(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
    const transactions = Array.from({ length: holdsOfEach }, (_, i) => ({
      entries: [
        { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
        { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
      ],
      pending: true,
      expires_at: iso(start + (first + i * ledgers) * minuteMs),
    }));
    await made(`/v1/ledgers/${ledger}/transactions/bulk`, { transactions, atomic: false });
  }

  async function expired(http: HttpSpec): Promise<readonly string[]> {
    const events: { readonly id: string; readonly created_at: string }[] = [];
    for (let cursor = ''; ;) {
      const answer = await http.send({
        method: 'GET',
        path: `/v1/events?type=hold.expired&limit=100${cursor}`,
      });
      if (answer.status === 503) {
        await delay(200);
        continue;
      }
      const page = answer.json as { data: typeof events; next_cursor: string | null };
      events.push(...page.data);
      if (page.next_cursor === null) return inOrder(events);
      cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
  }

  /** As they were recorded; those of one millisecond, which the list has in the order of their streams, by their dates. */
  function inOrder(events: readonly { readonly id: string; readonly created_at: string }[]) {
    const recorded = events.map(({ id, created_at: at }) => ({
      at,
      ms: birthOf(id.slice(0, -markChars))?.timeMs ?? NaN,
    }));
    return recorded.sort((a, b) => a.ms - b.ms || a.at.localeCompare(b.at)).map(({ at }) => at);
  }

  it('goes on after kill -9 where it was, in order, once, and a repetition gets its answer', async () => {
    const live = new HttpSpec(standalone.url, standalone.apiKey, '');
    const { json } = await live.when({ path: '/v1/sandboxes', body: { name: 'Test' } }).thenAccepted();
    const key = String(json['api_key']);
    let http = new HttpSpec(standalone.url, key, '');
    await http.when({ method: 'PUT', path: '/v1/clock', body: { time: iso(start) } }).thenAccepted();
    for (let n = 0; n < ledgers; n += 1) await holdsIn(http, n + 1);
    const to = iso(start + 2 * ledgers * holdsOfEach * minuteMs);
    const request = {
      path: '/v1/clock/advance',
      body: { to },
      headers: { 'idempotency-key': 'killed' },
    } as const;
    const isUnderWay = (): Promise<boolean> =>
      http
        .send({ method: 'GET', path: '/v1/clock' })
        .then(async ({ json: clock }) => clock['time'] !== to && (await expired(http)).length > 0);
    void http.send(request).catch(() => undefined);
    for (let n = 0; n < 200 && !(await isUnderWay()); n += 1) await delay(20);
    const before = (await expired(http)).length;
    await standalone.kill();
    expect(before).toBeLessThan(ledgers * holdsOfEach);
    standalone = await startStandaloneProcess({ dataFolder: folder.path });
    http = new HttpSpec(standalone.url, key, '');
    let answer: HttpAnswer | undefined;
    for (let n = 0; n < 300 && answer?.status !== 200; n += 1) {
      if (answer) await delay(200);
      answer = await http.send(request);
    }
    expect([answer?.status, answer?.json]).toMatchObject([200, { time: to, frozen: true }]);
    expect((await http.send(request)).json).toEqual(answer?.json);
    for (let n = 0; n < 100 && (await expired(http)).length < ledgers * holdsOfEach; n += 1) await delay(100);
    // Each minute one, over the three ledgers.
    const minutes = Array.from({ length: ledgers * holdsOfEach }, (_, i) => iso(start + (i + 1) * minuteMs));
    expect([...(await expired(http))].sort()).toEqual(minutes);
    expect(await expired(http)).toEqual(minutes);
  });
});
