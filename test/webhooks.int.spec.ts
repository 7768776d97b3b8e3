import type { EventStore } from '@fintech-ledger/event-store';
import type { Outcome } from '@fintech-ledger/outbound';
import { WebhookVerifier } from '@fintech-ledger/webhook-verifier';
import { setTimeout as delay } from 'node:timers/promises';
import { modules } from '../apps/modules';
import { HttpSpec } from './support/http-spec';
import { answered, WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(180_000);

const minute = 60_000;
const hour = 60 * minute;
describe.each(['embedded', 'distributed'] as const)(
  'webhooks of the %s product, with a clock that the test moves',
  (mode) => {
    let hooks: WebhooksInProcess;

    beforeAll(async () => {
      hooks = await WebhooksInProcess.start(mode);
    });
    beforeEach(() => hooks.fresh());
    afterEach(() => hooks.deleteEndpoints());
    afterAll(() => hooks?.parts.close());

    it('of a sandbox tell of its events, say that they are no live ones, and may go over http', async () => {
      const sandbox = new HttpSpec(
        hooks.parts.url,
        String((await hooks.made('/v1/sandboxes', { name: 'hooks' }))['api_key']),
        '',
      );
      const body = { url: 'http://93.184.216.34/hook', event_types: ['ledger.created'] };
      await hooks.http.when({ path: '/v1/webhook_endpoints', body }).thenRefused(400, 'invalid_url');
      // It gets what is recorded from now on, whatever the clock of the sandbox says.
      const time = '2031-01-01T00:00:00.000Z';
      await sandbox.when({ method: 'PUT', path: '/v1/clock', body: { time } }).thenAccepted();
      const { json } = await sandbox.when({ path: '/v1/webhook_endpoints', body }).thenAccepted();
      const id = String(json['id']);
      expect(json['created_at']).toBe(time);
      await hooks.made('/v1/ledgers', { name: 'live' });
      await sandbox.when({ path: '/v1/ledgers', body: { name: 'tried' } }).thenAccepted();
      await sandbox
        .when({ path: `/v1/webhook_endpoints/${id}/test`, body: { type: 'ledger.created' } })
        .thenAccepted();
      await hooks.runUntil(() => hooks.to(id).length === 2);
      const told = hooks.to(id).map(({ body: text }) => JSON.parse(text) as object);
      expect(told).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ sequence: null, livemode: false }),
          expect.objectContaining({
            sequence: 1,
            livemode: false,
            data: { object: expect.objectContaining({ name: 'tried' }) as object },
          }),
        ]),
      );
      await sandbox.when({ method: 'DELETE', path: `/v1/webhook_endpoints/${id}` }).thenAccepted();
    });

    it('tell what comes after an older event store was accepted, at revisions that were told before', async () => {
      const { id } = await hooks.endpoint();
      await hooks.transfer();
      await hooks.run();
      const stream = `journal-${hooks.ledger}`;
      const [head] = await hooks.parts.store.readStream(stream, { direction: 'backwards', limit: 1 });
      // As if more had been told, of what the store has lost.
      await hooks.parts.database.query('update hooks.cursors set revision = revision + 5 where stream = $1', [
        stream,
      ]);
      await hooks.transfer();
      await hooks.run();
      expect(hooks.sequencesTo(id)).toEqual([1]);
      await hooks.parts.database.transaction((sql) => modules.takeBack(sql, stream, head?.revision ?? -1));
      await hooks.run();
      expect(hooks.sequencesTo(id)).toEqual([1, 2]);
    });

    it('follow the schedule: ten attempts, one body and id, each attempt signed for its own time', async () => {
      const { id, secret } = await hooks.endpoint({ headers: { 'X-Shop': 'seven' } });
      hooks.answers.set(id, () => answered(500));
      await hooks.transfer();
      const ends: number[] = [];
      await hooks.run();
      for (let n = 0; n < 20; n += 1) {
        const [delivery] = await hooks.deliveries(id);
        if (delivery?.['status'] !== 'pending') break;
        const next = Date.parse(String(delivery['next_attempt_at']));
        ends.push(next - hooks.now);
        hooks.now = next - 1;
        await hooks.run();
        hooks.now = next;
        await hooks.run();
      }
      const seconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
      expect(ends).toEqual(seconds.map((s) => s * 1_000));
      expect(hooks.to(id)).toHaveLength(10);
      expect(new Set(hooks.to(id).map(({ id: message, body }) => `${message} ${body}`)).size).toBe(1);
      expect(new Set(hooks.to(id).map(({ signature }) => signature)).size).toBe(10);
      for (const { atMs, headers, body } of hooks.to(id)) {
        const verifier = new WebhookVerifier(secret, { now: () => new Date(atMs) });
        expect(verifier.verify(body, headers).event).toMatchObject({
          sequence: 1,
          type: 'transaction.posted',
        });
        expect(headers['X-Shop']).toBe('seven');
      }
      expect(await hooks.deliveries(id)).toMatchObject([
        { status: 'failed', attempts_made: 10, next_attempt_at: null },
      ]);
      const { attempts } = await hooks.get(`/v1/deliveries/${hooks.to(id)[0]?.id}`);
      expect(attempts).toHaveLength(10);
      expect(attempts).toMatchObject([
        { number: 1, status: 500, response: 'said so', error: null },
        { number: 2 },
        {},
        {},
        {},
        {},
        {},
        {},
        {},
        {},
      ]);

      hooks.answers.delete(id);
      await hooks.transfer();
      hooks.now += hour;
      await hooks.run();
      expect(hooks.to(id).at(-1)?.event.sequence).toBe(2);
      expect(await hooks.deliveries(id, '&status=succeeded')).toMatchObject([{ sequence: 2 }]);
    });

    it('are made in the order of the ledger, numbered without a gap, each once, also by two dispatchers', async () => {
      const { id } = await hooks.endpoint();
      const { id: other } = await hooks.endpoint({ event_types: ['account.*'] });
      const positions: unknown[] = [];
      for (let n = 0; n < 12; n += 1) positions.push((await hooks.transfer())['position']);
      await hooks.get('/v1/events?limit=1');
      await hooks.get('/v1/webhook_endpoints?limit=1');
      const second = hooks.newDispatcher();
      await Promise.all([hooks.run(), hooks.run(second)]);
      const told = hooks.to(id).map(({ body }) => JSON.parse(body) as { sequence: number; position: string });
      told.sort((x, y) => x.sequence - y.sequence);
      expect(told.map(({ sequence }) => sequence)).toEqual(positions.map((_, n) => n + 1));
      expect(told.map(({ position }) => position)).toEqual(positions);
      expect(hooks.to(other)).toEqual([]);
    });

    it('wait for one another where order was asked for, and the next one goes when one has failed', async () => {
      const { id: strict } = await hooks.endpoint({ ordering: 'strict' });
      const { id: objects } = await hooks.endpoint({ ordering: 'per_object', event_types: ['account.*'] });
      let isDown = true;
      hooks.answers.set(strict, () => answered(isDown ? 503 : 200));
      hooks.answers.set(objects, ({ body }) =>
        answered(isDown && body.includes('"address":"c"') ? 500 : 200),
      );
      for (const address of ['c', 'd'])
        await hooks.made(`/v1/ledgers/${hooks.ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
      for (const address of ['c', 'd'])
        await hooks.made(`/v1/ledgers/${hooks.ledger}/accounts/${address}/freeze`);
      for (let n = 0; n < 3; n += 1) await hooks.transfer();
      await hooks.run();
      expect(hooks.sequencesTo(strict)).toEqual([1]);
      // Of c the first one failed, so its second one waits; d has both.
      expect([...hooks.sequencesTo(objects)].sort()).toEqual([1, 2, 4]);
      isDown = false;
      hooks.now += 10_000;
      await hooks.run();
      expect(hooks.sequencesTo(strict)).toEqual([1, 1, 2, 3]);
      expect(hooks.sequencesTo(objects).slice(3)).toEqual([1, 3]);
    });

    it('end with 410: the endpoint is disabled, its organization told, and what waits is sent or skipped when it is enabled', async () => {
      const { id } = await hooks.endpoint();
      const { id: told } = await hooks.endpoint({ event_types: ['webhook_endpoint.disabled'] });
      hooks.answers.set(id, () => answered(410));
      await hooks.transfer();
      await hooks.runUntil(
        async () => (await hooks.get(`/v1/webhook_endpoints/${id}`))['disabled_because'] === 'gone',
      );
      await hooks.runUntil(() => hooks.to(told).length > 0);
      expect(hooks.to(told).map(({ body }) => JSON.parse(body) as object)).toMatchObject([
        { type: 'webhook_endpoint.disabled', data: { object: { id, disabled_because: 'gone' } } },
      ]);
      await hooks.transfer();
      hooks.now += hour;
      await hooks.run();
      expect(hooks.sequencesTo(id)).toEqual([1]);

      hooks.answers.delete(id);
      await hooks.made(`/v1/webhook_endpoints/${id}/enable`);
      await hooks.run();
      expect([...hooks.sequencesTo(id)].sort()).toEqual([1, 1, 2]);

      await hooks.made(`/v1/webhook_endpoints/${id}/disable`);
      await hooks.transfer();
      await hooks.run();
      await hooks.made(`/v1/webhook_endpoints/${id}/enable`, { skip_backlog: true });
      await hooks.transfer();
      await hooks.run();
      expect(await hooks.deliveries(id)).toMatchObject([
        { sequence: 4, status: 'succeeded' },
        { sequence: 3, status: 'skipped', attempts_made: 0 },
        {},
        {},
      ]);
    });

    it('end after five days without a success: the circuit lets few through, then the endpoint is disabled', async () => {
      const { id } = await hooks.endpoint();
      hooks.answers.set(id, () => ({
        kind: 'failed',
        reason: 'timeout',
        detail: '',
        status: undefined,
        ms: 20_000,
      }));
      for (let n = 0; n < 30; n += 1) await hooks.transfer();
      await hooks.run();
      const tried = hooks.to(id).length;
      // Ten at once open it.
      expect(tried).toBe(10);
      for (let n = 0; n < 60; n += 1) {
        hooks.now += 2 * hour;
        await hooks.run();
      }
      expect(hooks.to(id).length - tried).toBeLessThanOrEqual(61);
      await hooks.runUntil(
        async () => (await hooks.get(`/v1/webhook_endpoints/${id}`))['disabled_because'] === 'failing',
      );
    });

    it('of an endpoint that hangs hold up no other', async () => {
      const { id: dead } = await hooks.endpoint();
      const { id: healthy } = await hooks.endpoint();
      const hanging: ((outcome: Outcome) => void)[] = [];
      hooks.answers.set(dead, () => new Promise((resolve) => hanging.push(resolve)));
      for (let n = 0; n < 25; n += 1) await hooks.transfer();
      await hooks.get('/v1/events?limit=1');
      await hooks.get('/v1/webhook_endpoints?limit=1');
      for (let n = 0; n < 400 && hooks.to(healthy).length < 25; n += 1) {
        await hooks.dispatcher.turn();
        await delay(5);
      }
      expect(hooks.to(healthy)).toHaveLength(25);
      // No more than so many are under way to one endpoint.
      expect(hooks.to(dead)).toHaveLength(10);
      hooks.answers.delete(dead);
      for (const end of hanging) end(answered(200));
      // A turn may come before the outcomes are kept, and finds no room then.
      await hooks.runUntil(() => new Set(hooks.sequencesTo(dead)).size === 25);
    });

    it('are sent once more on request, and a test past the filter', async () => {
      const { id } = await hooks.endpoint();
      await hooks.transfer();
      await hooks.run();
      const [first] = hooks.to(id);
      const keyed = {
        path: `/v1/deliveries/${first?.id}/retry`,
        headers: { 'idempotency-key': 'once more' },
      };
      const [asked, again] = [await hooks.http.send(keyed), await hooks.http.send(keyed)];
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(again.json).toEqual(asked.json);
      await hooks.run();
      expect(hooks.to(id)).toMatchObject([
        { id: first?.id, body: first?.body },
        { id: first?.id, body: first?.body },
      ]);
      // What a receiver said may be of somebody who is erased one day: answers that are kept for ever have none of it.
      expect(asked.json).toMatchObject({ attempts: [{ status: 204, response: null }] });
      expect(await hooks.get(`/v1/deliveries/${first?.id}`)).toMatchObject({
        attempts: [{ response: 'said so' }, { response: 'said so' }],
      });
      const { rows } = await hooks.parts.database.query<{ answer: string }>(
        'select answer from meta.kept_answers',
      );
      expect(rows).toHaveLength(1);
      expect(rows[0]?.answer).not.toContain('said so');
      const test = await hooks.made(`/v1/webhook_endpoints/${id}/test`, { type: 'hold.expired' });
      await hooks.run();
      expect(hooks.to(id).at(-1)).toMatchObject({
        id: test['id'],
        event: { type: 'hold.expired', sequence: null },
      });
      expect(await hooks.get(`/v1/deliveries/${String(test['id'])}`)).toMatchObject({
        status: 'succeeded',
        sequence: null,
      });
    });

    it('are parked where none can be made, with the reason, and the others go on', async () => {
      const { id } = await hooks.endpoint();
      await hooks.transfer();
      const { position } = await hooks.transfer();
      const poisoned = Number(String(position).split('@')[1]);
      await hooks.transfer();
      const store: Pick<EventStore, 'readStream'> = {
        readStream: async (stream, options) => {
          const events = await hooks.parts.store.readStream(stream, options);
          return events.map((event) => (event.revision === poisoned ? { ...event, data: '{' } : event));
        },
      };
      await hooks.run(hooks.newDispatcher({ store }));
      expect(hooks.sequencesTo(id)).toEqual([1, 2]);
      const parkedOf = async (query = '') =>
        hooks.get(`/v1/webhook_endpoints/${id}/parked_events?limit=1${query}`);
      const { data } = await hooks.get(`/v1/events?ledger=${hooks.ledger}&type=transaction.posted&limit=2`);
      const [, event] = data as readonly { id: string }[];
      const parked = await parkedOf();
      expect(parked).toMatchObject({
        data: [
          {
            event: event?.id,
            type: 'transaction.posted',
            ledger: hooks.ledger,
            position,
            reason: expect.stringContaining('not JSON'),
            parked_at: expect.any(String),
          },
        ],
        has_more: false,
      });
      // Once it can be read a replay sends it, with the next number.
      const { id: rpl } = await hooks.made(`/v1/webhook_endpoints/${id}/replays`, {
        from_position: position,
      });
      await hooks.run();
      expect(await hooks.get(`/v1/replays/${String(rpl)}`)).toMatchObject({
        state: 'done',
        total: 2,
        failed: 0,
      });
      expect(hooks.to(id).filter(({ event: { position: at } }) => at === position)).toMatchObject([
        { event: { sequence: 3 } },
      ]);
      expect(await parkedOf()).toMatchObject({ data: [] });
    });

    it('are sent one after the other where that was asked for, also when many are claimed at once', async () => {
      const { id } = await hooks.endpoint({ ordering: 'strict' });
      let [underWay, failsAt] = [0, 17];
      hooks.answers.set(id, async ({ event: { sequence } }) => {
        underWay += 1;
        expect(underWay).toBe(1);
        await delay(1);
        underWay -= 1;
        if (sequence !== failsAt) return answered(204);
        failsAt = 0;
        return answered(500);
      });
      for (let n = 0; n < 40; n += 1) await hooks.transfer();
      await hooks.run();
      const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);
      // Nothing goes past the one that failed.
      expect(hooks.sequencesTo(id)).toEqual(numbers(1, 17));
      hooks.now += 10_000;
      await hooks.run();
      expect(hooks.sequencesTo(id)).toEqual([...numbers(1, 17), ...numbers(17, 40)]);
    });

    it('are not sent again when the read models are made again', async () => {
      const { id } = await hooks.endpoint();
      for (let n = 0; n < 3; n += 1) await hooks.transfer();
      await hooks.run();
      expect(hooks.to(id)).toHaveLength(3);
      await hooks.parts.stopProjector();
      await hooks.parts.database.query(
        `update read.projections set version = 0 where name in ('public_events', 'webhook_endpoints')`,
      );
      hooks.parts.startProjector();
      const { position } = await hooks.transfer();
      const last = Number(String(position).split('@')[1]);
      for (let n = 0; n < 600; n += 1) {
        await hooks.dispatcher.turn();
        const { rows } = await hooks.parts.database.query<{ revision: string }>(
          `select revision from read.checkpoints where projection = 'public_events:b' and stream = $1`,
          [`journal-${hooks.ledger}`],
        );
        if (Number(rows[0]?.revision ?? -1) >= last) break;
        await delay(50);
      }
      await hooks.run();
      expect([...hooks.sequencesTo(id)].sort()).toEqual([1, 2, 3, 4]);
    });

    it('show a secret once: a replay has null in its place, and says so', async () => {
      const create = { url: 'https://93.184.216.34/hook', event_types: ['transaction.posted'] };
      const send = (path: string, body: object, key: string) =>
        hooks.http.when({ path, body, headers: { 'idempotency-key': key } }).thenAccepted();
      const { json: first } = await send('/v1/webhook_endpoints', create, `create-${mode}`);
      expect(first).toMatchObject({ secret: expect.stringMatching(/^whsec_[^*]{40,}$/) as string });
      expect(first).not.toHaveProperty('secret_shown');
      const { json: again } = await send('/v1/webhook_endpoints', create, `create-${mode}`);
      expect(again).toEqual({ ...first, secret: null, secret_shown: true });
      const rotate = `/v1/webhook_endpoints/${String(first['id'])}/rotate_secret`;
      const { json: next } = await send(rotate, {}, `rotate-${mode}`);
      expect(next['secret']).toMatch(/^whsec_[^*]{40,}$/);
      expect(next['secret']).not.toBe(first['secret']);
      const { json: nextAgain } = await send(rotate, {}, `rotate-${mode}`);
      expect(nextAgain).toEqual({ ...next, secret: null, secret_shown: true });
    });

    it('tell nothing of secrets and headers: not in answers, events, or tables', async () => {
      const { id, secret } = await hooks.endpoint({ headers: { Authorization: 'Bearer very-secret' } });
      const shown = await hooks.get(`/v1/webhook_endpoints/${id}`);
      expect(shown).toMatchObject({ secret: 'whsec_********', headers: { Authorization: '********' } });
      const { rows } = await hooks.parts.database.query<{ all: string }>(
        `select (select coalesce(string_agg(e::text, ' '), '') from store.events e) ||
              (select coalesce(string_agg(e::text, ' '), '') from read.webhook_endpoints e) ||
              (select coalesce(string_agg(h::text, ' '), '') from hooks.header_values h) as all`,
      );
      for (const text of ['very-secret', secret, secret.slice('whsec_'.length)])
        expect(rows[0]?.all).not.toContain(text);
    });
  },
);
