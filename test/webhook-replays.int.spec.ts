import { webhookRefusals } from '@fintech-ledger/webhooks/domain';
import type { Outcome } from '@fintech-ledger/outbound';
import { setTimeout as delay } from 'node:timers/promises';
import { answered, WebhooksInProcess } from './support/webhooks-in-process';
import type { Sent } from './support/webhooks-in-process';

jest.setTimeout(180_000);

describe('replays of webhooks', () => {
  let hooks: WebhooksInProcess;
  const replay = (id: string, body: object = {}) => hooks.made(`/v1/webhook_endpoints/${id}/replays`, body);
  const state = (id: unknown) => hooks.get(`/v1/replays/${String(id)}`);
  const positionsIn = (sent: readonly Sent[]) => sent.map(({ event }) => event.position);
  /** So many bookings in a new ledger; their positions. */
  async function booked(count: number): Promise<{ ledger: string; positions: readonly string[] }> {
    const ledger = await hooks.newLedger();
    const positions: string[] = [];
    for (let n = 0; n < count; n += 1)
      positions.push(String((await hooks.transfer('a', 'b', ledger))['position']));
    return { ledger, positions };
  }

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start();
  });
  beforeEach(() => hooks.fresh());
  afterEach(() => hooks.deleteEndpoints());
  afterAll(() => hooks?.parts.close());

  it('send an endpoint what happened before it was made, in order, and what it has had, byte for byte', async () => {
    const { positions } = await booked(30);
    const { id } = await hooks.endpoint({ ordering: 'strict' });
    const live = String((await hooks.transfer())['position']);
    await hooks.run();
    const [first] = hooks.to(id);
    expect(positionsIn(hooks.to(id))).toEqual([live]);

    const from = positions[0] ?? '';
    const { id: rpl } = await replay(id, { from_position: from });
    await hooks.run();
    expect(await state(rpl)).toMatchObject({
      state: 'done',
      total: 30,
      sent: 30,
      failed: 0,
      from_position: from,
    });
    const replayed = hooks.to(id).slice(1);
    expect(positionsIn(replayed)).toEqual(positions);
    expect(replayed.map(({ event }) => event.sequence)).toEqual(positions.map((_, n) => n + 2));

    hooks.sent = [];
    hooks.now += 60_000;
    const { id: again } = await replay(id);
    await hooks.run();
    const { total } = await state(again);
    expect(hooks.to(id)).toHaveLength(Number(total));
    const bodies = new Map(hooks.to(id).map(({ id: message, body }) => [message, body]));
    for (const one of [first, ...replayed]) expect(bodies.get(one?.id ?? '')).toBe(one?.body);
    const signatures = new Set([...replayed, ...hooks.to(id)].map(({ signature }) => signature));
    expect(signatures.size).toBe(replayed.length + hooks.to(id).length);
  });

  it('are of a range, of types, of a ledger, and only counted where that was asked for', async () => {
    const { ledger, positions } = await booked(5);
    const { id } = await hooks.endpoint({ event_types: ['transaction.*', 'account.*'] });
    const count = async (body: object) => (await replay(id, { dry_run: true, ...body }))['total'];
    const of = { from_position: `${ledger}@0` };
    expect(await count(of)).toBe(7);
    expect(await count({ ...of, event_types: ['transaction.*'] })).toBe(5);
    expect(await count({ from_position: positions[3] })).toBe(2);
    const { data } = await hooks.get(`/v1/events?ledger=${ledger}&type=transaction.posted&limit=100`);
    const times = (data as readonly { created_at: string }[]).map(({ created_at }) => created_at).reverse();
    const from = times[1] ?? '';
    const to = times[4] ?? '';
    const within = times.filter((time) => time >= from && time < to).length;
    const wanted = { ...of, from, to, event_types: ['transaction.*'] };
    expect(await count(wanted)).toBe(within);
    expect(await replay(id, { ...of, dry_run: true })).toMatchObject({
      ...{ id: null, state: null, sent: 0, dry_run: true },
    });
    await hooks.run();
    expect(hooks.to(id)).toEqual([]);
    const { id: rpl, ...begun } = await replay(id, wanted);
    expect(begun).not.toHaveProperty('dry_run');
    await hooks.run();
    expect(await state(rpl)).toMatchObject({ state: 'done', total: within, sent: within });
    expect(hooks.to(id)).toHaveLength(within);
  });

  it('are refused where there is nothing to send, one is running, or they have ended', async () => {
    const { id } = await hooks.endpoint();
    const { ledger } = await booked(1);
    const refusedWith = async (body: object, status: number, code: string, param?: string) => {
      const answer = await hooks.http.send({ path: `/v1/webhook_endpoints/${id}/replays`, body });
      expect([body, answer.status, answer.json['code'], answer.json['param']]).toEqual([
        body,
        status,
        code,
        param,
      ]);
    };
    for (const [body, param] of [
      [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, '/from'],
      [{ to: '2000-01-01T00:00:00Z' }, '/to'],
      [{ from: '2100-01-01T00:00:00Z' }, '/from'],
      [{ from: '2000-01-01T00:00:00Z', to: '2000-01-02T00:00:00Z' }, '/from'],
      [{ from_position: `${ledger}@100000` }, '/from_position'],
      [{ from_position: 'led_unknown@0' }, '/from_position'],
      [{ event_types: ['hold.*'] }, '/event_types'],
    ] as const)
      await refusedWith(body, 422, 'empty_replay_range', param);
    await refusedWith({ event_types: ['hold.lost'] }, 422, 'unknown_event_type', '/event_types/0');
    await refusedWith({ event_types: ['nothing.*'] }, 422, 'event_filter_matches_nothing', '/event_types/0');
    await refusedWith({ from: 'yesterday' }, 400, 'invalid_time', '/from');
    await refusedWith({ from_position: `org_1@0` }, 400, 'invalid_value', '/from_position');
    await hooks.run();
    // What happened, and nothing of what was refused.
    expect(hooks.sequencesTo(id)).toEqual([1]);
    const { id: rpl } = await replay(id);
    await refusedWith({}, 409, 'replay_running');
    await hooks.run();
    const cancel = { path: `/v1/replays/${String(rpl)}/cancel` };
    await hooks.http.when(cancel).thenRefused(409, 'replay_ended');
    await hooks.http
      .when({ ...cancel, path: '/v1/replays/rpl_x/cancel' })
      .thenRefused(404, 'replay_not_found');
    expect(webhookRefusals.map(({ code }) => code)).toContain('empty_replay_range');
  });

  it('wait while the endpoint fails, hold no more than a window, and delay nothing that happens', async () => {
    const { positions } = await booked(60);
    const { id } = await hooks.endpoint();
    const waiting: ((outcome: Outcome) => void)[] = [];
    hooks.answers.set(id, ({ event }) =>
      event.position !== null && positions.includes(event.position)
        ? new Promise<Outcome>((resolve) => waiting.push(resolve))
        : answered(204),
    );
    const { id: rpl } = await replay(id, { from_position: positions[0] });
    await hooks.caughtUp();
    await hooks.dispatcher.turn();
    // Some room is left for what happens.
    expect(waiting).toHaveLength(8);
    const live = String((await hooks.transfer())['position']);
    await hooks.caughtUp();
    for (let n = 0; n < 100 && !positionsIn(hooks.to(id)).includes(live); n += 1) {
      await hooks.dispatcher.turn();
      await delay(5);
    }
    expect(positionsIn(hooks.to(id))).toContain(live);
    expect(waiting).toHaveLength(8);
    hooks.answers.delete(id);
    for (const end of waiting) end(answered(200));
    await hooks.run();
    expect(await state(rpl)).toMatchObject({ state: 'done', sent: 60 });
    expect(new Set(hooks.sequencesTo(id)).size).toBe(61);
  });

  it('go on where they were when the process is another one, and leave what is waiting anyway', async () => {
    const { positions } = await booked(40);
    const { id } = await hooks.endpoint({ ordering: 'per_object' });
    await hooks.transfer();
    hooks.answers.set(id, () => answered(500));
    await hooks.run();
    hooks.answers.delete(id);
    const { id: rpl, total } = await replay(id);
    const others = [hooks.newDispatcher(), hooks.newDispatcher(), hooks.newDispatcher()];
    await Promise.all(others.map((one) => hooks.run(one)));
    expect(await state(rpl)).toMatchObject({ state: 'done', already_pending: 1, sent: Number(total) - 1 });
    const sequences = hooks.sequencesTo(id).map(Number);
    expect(new Set(sequences)).toEqual(new Set(Array.from({ length: Number(total) }, (_, n) => n + 1)));
    expect(sequences.length).toBe(Number(total));
    const told = positionsIn(hooks.to(id)).filter((position) => positions.includes(String(position)));
    expect(told.sort()).toEqual([...positions].sort());
  });

  it('are canceled: what was sent stays as it was, and what was not is skipped', async () => {
    const { id } = await hooks.endpoint();
    for (let n = 0; n < 3; n += 1) await hooks.transfer();
    await hooks.run();
    const before = await hooks.deliveries(id);
    hooks.answers.set(id, () => answered(503));
    const { id: rpl } = await replay(id);
    await hooks.run();
    expect(await hooks.made(`/v1/replays/${String(rpl)}/cancel`)).toMatchObject({
      state: 'canceled',
      sent: 0,
    });
    const sentSoFar = hooks.sent.length;
    hooks.answers.delete(id);
    hooks.now += 24 * 3_600_000;
    await hooks.run();
    expect(hooks.sent).toHaveLength(sentSoFar);
    for (const one of before)
      expect(await hooks.get(`/v1/deliveries/${String(one['id'])}`)).toMatchObject({ status: 'succeeded' });
    expect(await hooks.deliveries(id, '&status=pending')).toEqual([]);
    // Ten were tried, and opened the circuit; three of those, or of the rest, had been sent before.
    const counts = await Promise.all(
      ['failed', 'skipped'].map(async (status) => (await hooks.deliveries(id, `&status=${status}`)).length),
    );
    expect(counts.every((count) => count > 0)).toBe(true);
  });

  it('go on at once where those of other endpoints end, which had all the room of the process', async () => {
    const { positions } = await booked(8);
    await hooks.caughtUp();
    const ends: (() => void)[] = [];
    const ids: string[] = [];
    for (let n = 0; n < 63; n += 1) {
      const { id } = await hooks.endpoint();
      const hanging = new Promise<Outcome>((resolve) => ends.push(() => resolve(answered(204))));
      hooks.answers.set(id, () => hanging);
      ids.push(id);
      await replay(id, { from_position: positions[0] });
    }
    for (let n = 0; n < 100 && hooks.sent.length < 500; n += 1) await hooks.dispatcher.turn();
    expect(hooks.sent).toHaveLength(500);
    const full = ids.findIndex((id) => hooks.to(id).length === 8);
    ends[full]?.();
    for (let n = 0; n < 100 && hooks.sent.length < 504; n += 1) await delay(20);
    expect(hooks.sent).toHaveLength(504);
    for (const end of ends) end();
    await hooks.run();
    for (const id of ids) expect(positionsIn(hooks.to(id))).toEqual(positions);
  });

  it('end with their endpoint', async () => {
    const { id } = await hooks.endpoint();
    hooks.answers.set(id, () => answered(500));
    const { id: rpl } = await replay(id);
    await hooks.run();
    await hooks.http.when({ method: 'DELETE', path: `/v1/webhook_endpoints/${id}` }).thenAccepted();
    await hooks.runUntil(async () => (await state(rpl))['state'] === 'canceled');
  });
});
