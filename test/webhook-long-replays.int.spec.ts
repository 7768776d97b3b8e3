import type { Dispatcher } from '@fintech-ledger/webhooks';
import { setTimeout as delay } from 'node:timers/promises';
import { answered, WebhooksInProcess } from './support/webhooks-in-process';

/** `npm run bench -- webhooks --operations replay --transactions 1000000` has a million, over HTTP. */
const count = Number(process.env['WEBHOOK_REPLAY_EVENTS'] ?? 3_000);
const bulkSize = 200;
/** Attempts a second; a bucket holds as many. They are counted when they are claimed, and so many may be sent later. */
const [endpointRate, claimedMax] = [600, 200 + 50];
/** Messages that wait in the lane of a replay, with those of a step; and those of an endpoint that are under way. */
const [laneMax, underWayMax] = [700, 60];

jest.setTimeout(120_000 + count * 10);

describe('a long replay', () => {
  let hooks: WebhooksInProcess;
  let running: Dispatcher;

  /** A busy machine may need more than a command has, and then nothing of it was booked. */
  async function posted(path: string, body: object): Promise<void> {
    for (let n = 0; ; n += 1) {
      const { status, json } = await hooks.http.send({ path, body });
      if (status < 300) return;
      if (json['code'] !== 'unavailable' || n === 20) throw new Error(JSON.stringify(json));
      await delay(200);
    }
  }

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start();
    running = hooks.newDispatcher({ nowMs: () => Date.now(), endpointRate });
    running.start();
  });
  afterAll(async () => {
    await running?.close();
    await hooks?.dispatcher.close(0);
    await hooks?.parts.close();
  });

  it('holds a window of its messages, keeps the rate, and delays nothing that happens', async () => {
    const transaction = {
      entries: [
        { account: 'a', direction: 'debit', amount: '1', currency: 'USD' },
        { account: 'b', direction: 'credit', amount: '1', currency: 'USD' },
      ],
    };
    for (let n = 0; n < count; n += bulkSize) {
      const transactions = Array.from({ length: Math.min(bulkSize, count - n) }, () => transaction);
      await posted(`/v1/ledgers/${hooks.ledger}/transactions/bulk`, { atomic: true, transactions });
    }
    await hooks.caughtUp();
    const { id } = await hooks.endpoint();
    await hooks.caughtUp();
    const came = new Map<string, number>();
    const times: number[] = [];
    hooks.answers.set(id, ({ event: { position } }) => {
      came.set(position ?? '', Date.now());
      times.push(Date.now());
      return answered(204);
    });

    const replay = await hooks.made(`/v1/webhook_endpoints/${id}/replays`, {
      from_position: `${hooks.ledger}@0`,
    });
    expect(replay['total']).toBe(count);
    const seen = { lane: 0, underWay: 0 };
    const waits: number[] = [];
    let state = replay;
    for (let n = 0; state['state'] === 'running'; n += 1) {
      const { rows } = await hooks.parts.database.query<{ count: string }>(
        `select count(*) from hooks.messages where endpoint_id = $1 and status = 'pending' and replay_id is not null`,
        [id],
      );
      seen.lane = Math.max(seen.lane, Number(rows[0]?.count));
      seen.underWay = Math.max(seen.underWay, running.underWay()['messages'] ?? 0);
      if (n % 5 === 0) {
        const booked = Date.now();
        const position = String((await hooks.transfer())['position']);
        while (!came.has(position) && Date.now() - booked < 10_000) await delay(5);
        waits.push((came.get(position) ?? Infinity) - booked);
      }
      await delay(50);
      state = await hooks.get(`/v1/replays/${String(replay['id'])}`);
    }
    expect(state).toMatchObject({ state: 'done', sent: count, failed: 0 });
    expect(seen.lane).toBeLessThanOrEqual(laneMax);
    expect(seen.underWay).toBeLessThanOrEqual(underWayMax);
    expect(waits.length).toBeGreaterThan(3);
    // Behind the replay the first one would wait five seconds and more.
    expect(Math.max(...waits)).toBeLessThan(4_000);

    // Each event once, and at no time more than a bucket and what has filled it since.
    expect(came.size).toBe(count + waits.length);
    expect(hooks.to(id)).toHaveLength(count + waits.length);
    let fewest = Infinity;
    let most = 0;
    for (const [at, time] of times.entries()) {
      const beyond = at - (endpointRate * time) / 1_000;
      fewest = Math.min(fewest, beyond);
      most = Math.max(most, beyond - fewest + 1);
    }
    expect(most).toBeLessThanOrEqual(endpointRate + claimedMax);
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
    expect(count / seconds).toBeGreaterThan(endpointRate / 10);
  });

  it('has the same bodies again, byte for byte', async () => {
    const [{ endpoint: id = '' } = {}] = hooks.sent;
    const bodies = new Map(hooks.to(id).map((sent) => [sent.id, sent.body]));
    hooks.sent = [];
    const from = `${hooks.ledger}@${Math.max(0, count - 500)}`;
    const { id: rpl, total } = await hooks.made(`/v1/webhook_endpoints/${id}/replays`, {
      from_position: from,
    });
    for (let state = 'running'; state === 'running'; await delay(50))
      ({ state } = (await hooks.get(`/v1/replays/${String(rpl)}`)) as { state: string });
    expect(hooks.to(id)).toHaveLength(Number(total));
    for (const sent of hooks.to(id)) expect(sent.body).toBe(bodies.get(sent.id));
  });
});
