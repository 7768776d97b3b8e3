import type { Outcome } from '@fintech-ledger/outbound';
import { answered, WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(180_000);

const day = 86_400_000;

/** An endpoint that has failed ten times is left alone for a while; what somebody asks for is sent to it all the same. */
describe.each(['embedded', 'distributed'] as const)(
  'an endpoint of the %s product that is known to fail',
  (mode) => {
    let hooks: WebhooksInProcess;

    beforeAll(async () => {
      hooks = await WebhooksInProcess.start(mode);
    });
    beforeEach(() => hooks.fresh());
    afterEach(() => hooks.deleteEndpoints());
    afterAll(() => hooks?.parts.close());

    const circuit = async (id: string) => {
      const text = 'select failures, probe_at_ms from hooks.endpoints where id = $1';
      return (await hooks.parts.database.query<{ failures: number; probe_at_ms: string | null }>(text, [id]))
        .rows[0];
    };
    const pending = (id: string) => hooks.deliveries(id, '&status=pending');
    const retry = (message: unknown) => hooks.made(`/v1/deliveries/${String(message)}/retry`);
    const askedFor = async (): Promise<number> =>
      (await hooks.parts.database.query('select from hooks.asked')).rows.length;

    /** One that has failed until it is known to, and is to be tried again later alone. */
    async function failing(ordering: string): Promise<string> {
      const { id } = await hooks.endpoint({ ordering });
      hooks.answers.set(id, () => answered(500));
      for (let n = 0; n < 12; n += 1) await hooks.transfer();
      await hooks.run();
      for (let n = 0; n < 12 && (await circuit(id))?.probe_at_ms === null; n += 1) {
        const times = (await pending(id)).map((each) => Date.parse(String(each['next_attempt_at'])));
        hooks.now = Math.min(...times.filter((time) => time > hooks.now));
        await hooks.run();
      }
      expect(Number((await circuit(id))?.probe_at_ms)).toBeGreaterThan(hooks.now);
      const tried = hooks.to(id).length;
      await hooks.run();
      expect(hooks.to(id)).toHaveLength(tried);
      return id;
    }

    it.each(['none', 'per_object', 'strict'] as const)(
      'gets what is asked for at once, ordered %s, and the rest when it answers that',
      async (ordering) => {
        const id = await failing(ordering);
        const tried = hooks.to(id).length;
        const first = (await pending(id)).at(-1);
        await retry(first?.['id']);
        await hooks.run();
        expect(hooks.to(id).slice(tried)).toMatchObject([{ id: first?.['id'] }]);
        // Once: it failed, and waits with the others.
        await hooks.run();
        expect(hooks.to(id)).toHaveLength(tried + 1);
        expect((await circuit(id))?.failures).toBe(11);

        hooks.answers.delete(id);
        const test = await hooks.made(`/v1/webhook_endpoints/${id}/test`, { type: 'hold.expired' });
        await hooks.run();
        expect(hooks.to(id)[tried + 1]).toMatchObject({ id: test['id'] });
        expect(await circuit(id)).toEqual({ failures: 0, probe_at_ms: null });
        expect(await askedFor()).toBe(0);
        hooks.now += 2 * day;
        await hooks.run();
        expect(await pending(id)).toEqual([]);
      },
    );

    it('gets another first where that goes before what is asked for, and is left alone again when that fails', async () => {
      const id = await failing('strict');
      const tried = hooks.to(id).length;
      const waiting = await pending(id);
      await retry(waiting[0]?.['id']);
      await hooks.run();
      expect(hooks.to(id).slice(tried)).toMatchObject([{ id: waiting.at(-1)?.['id'] }]);
      await hooks.run();
      expect(hooks.to(id)).toHaveLength(tried + 1);
      expect(await askedFor()).toBe(0);
    });

    /** One whose message has waited for its second attempt since the tests that failed after the first. */
    async function withHead(settings: object, make: (id: string) => Promise<void>): Promise<string> {
      const { id } = await hooks.endpoint(settings);
      hooks.answers.set(id, () => answered(500));
      await make(id);
      await hooks.run();
      for (let n = 0; n < 10; n += 1)
        await hooks.made(`/v1/webhook_endpoints/${id}/test`, { type: 'hold.expired' });
      await hooks.run();
      expect((await circuit(id))?.failures).toBeGreaterThan(10);
      expect(Number((await circuit(id))?.probe_at_ms)).toBeGreaterThan(hooks.now);
      return id;
    }
    const transfers = async (): Promise<void> => {
      for (let n = 0; n < 3; n += 1) await hooks.transfer();
    };
    /** Of two accounts, in turn. */
    const changesOfAccounts = async (): Promise<void> => {
      const ledger = await hooks.newLedger();
      for (const what of ['freeze', 'unfreeze'])
        for (const address of ['a', 'b'])
          await hooks.made(`/v1/ledgers/${ledger}/accounts/${address}/${what}`);
    };
    const replayed = async (id: string, ledger: string): Promise<void> => {
      await hooks.made(`/v1/webhook_endpoints/${id}/replays`, { from_position: `${ledger}@0` });
    };
    /** It answers nothing until it is said what. */
    function hanging(id: string): { readonly end: (status: number) => void } {
      let end: (status: number) => void = () => undefined;
      const answer = new Promise<Outcome>((resolve) => (end = (status) => resolve(answered(status))));
      hooks.answers.set(id, () => answer);
      return { end };
    }

    it.each([
      ['strict', { ordering: 'strict' }, transfers, [1, 2, 3]],
      ['per_object', { ordering: 'per_object', event_types: ['account.*'] }, changesOfAccounts, [1, 3, 5]],
    ] as const)(
      'gets the one that goes first, ordered %s, before that is due again, once for all that wait for it',
      async (_, settings, make, sequences) => {
        const id = await withHead(settings, make);
        const tried = hooks.to(id).length;
        const all = await pending(id);
        const [first, ...behind] = sequences.map((sequence) =>
          all.find((one) => one['sequence'] === sequence),
        );
        expect(first).toMatchObject({ attempts_made: 1 });
        expect(Date.parse(String(first?.['next_attempt_at']))).toBeGreaterThan(hooks.now);

        for (const message of behind) await retry(message?.['id']);
        await hooks.run();
        await hooks.run();
        expect(hooks.to(id).slice(tried)).toMatchObject([{ id: first?.['id'] }]);
        expect(await askedFor()).toBe(0);

        hooks.answers.delete(id);
        await retry(behind[1]?.['id']);
        await hooks.run();
        const sent = hooks.sequencesTo(id).slice(tried + 1);
        expect(sent[0]).toBe(sequences[0]);
        expect(sent.filter((one) => sequences.some((sequence) => sequence === one))).toEqual(sequences);
        expect(await circuit(id)).toEqual({ failures: 0, probe_at_ms: null });
        expect(await askedFor()).toBe(0);
      },
    );

    it('gets the first one of a replay in the place of one that is asked for', async () => {
      const ledger = await hooks.newLedger();
      for (let n = 0; n < 3; n += 1) await hooks.transfer('a', 'b', ledger);
      const id = await withHead({ ordering: 'strict' }, (of) => replayed(of, ledger));
      const tried = hooks.to(id).length;
      const waiting = await pending(id);
      const [{ id: first } = { id: '' }] = hooks.to(id);
      const other = waiting.find((one) => one['id'] !== first);
      await retry(other?.['id']);
      await hooks.run();
      expect(hooks.to(id).slice(tried)).toMatchObject([{ id: first }]);
      hooks.answers.delete(id);
      await retry(other?.['id']);
      await hooks.run();
      expect(hooks.to(id)[tried + 1]).toMatchObject({ id: first });
      expect(await pending(id)).toEqual([]);
    });

    it('gets the one that goes first no second time while that is under way', async () => {
      const id = await withHead({ ordering: 'strict' }, transfers);
      const tried = hooks.to(id).length;
      const [third, second, first] = await pending(id);
      const underWay = hanging(id);
      await retry(first?.['id']);
      await hooks.dispatcher.turn();
      await retry(second?.['id']);
      await retry(third?.['id']);
      await hooks.dispatcher.turn();
      expect(hooks.to(id).slice(tried)).toMatchObject([{ id: first?.['id'] }]);
      expect(await askedFor()).toBe(1);
      underWay.end(500);
      await hooks.dispatcher.settled();
      await hooks.run();
      expect(hooks.to(id)).toHaveLength(tried + 1);
      expect(await askedFor()).toBe(0);
    });

    it('gets one of a replay that is asked for when its rate has room for replays again', async () => {
      const ledger = await hooks.newLedger();
      await hooks.transfer('a', 'b', ledger);
      const id = await withHead({}, (of) => replayed(of, ledger));
      const [{ id: asked } = { id: '' }] = hooks.to(id);
      const slow = hooks.newDispatcher({ endpointRate: 4 });
      hooks.now += 1_000;
      for (let n = 0; n < 2; n += 1)
        await hooks.made(`/v1/webhook_endpoints/${id}/test`, { type: 'hold.expired' });
      await hooks.run(slow);
      const tried = hooks.to(id).length;
      await retry(asked);
      await hooks.run(slow);
      expect(hooks.to(id)).toHaveLength(tried);
      expect(await askedFor()).toBe(1);
      hooks.now += 1_000;
      await hooks.run(slow);
      expect(hooks.to(id).slice(tried)).toMatchObject([{ id: asked }]);
      await slow.close(0);
    });

    it('is tried when it is time to while one of a replay that is asked for has no room', async () => {
      const ledger = await hooks.newLedger();
      for (let n = 0; n < 9; n += 1) await hooks.transfer('a', 'b', ledger);
      const id = await withHead({}, (of) => replayed(of, ledger));
      const waiting = await pending(id);
      expect(waiting).toHaveLength(9);
      const underWay = hanging(id);
      for (const message of waiting.slice(0, 8)) await retry(message['id']);
      await hooks.dispatcher.turn();
      await retry(waiting[8]?.['id']);
      await hooks.transfer();
      await hooks.caughtUp();
      await hooks.dispatcher.turn();
      const tried = hooks.to(id).length;
      hooks.now = Number((await circuit(id))?.probe_at_ms);
      await hooks.dispatcher.turn();
      expect(hooks.to(id).slice(tried)).toMatchObject([{ event: { type: 'transaction.posted' } }]);
      expect(waiting.map((one) => one['id'])).not.toContain(hooks.to(id)[tried]?.id);
      underWay.end(204);
      await hooks.dispatcher.settled();
      await hooks.run();
      expect(await pending(id)).toEqual([]);
    });

    it('gets what was sent before once more, beside what waits', async () => {
      const { id } = await hooks.endpoint({ ordering: 'strict' });
      await hooks.transfer();
      await hooks.run();
      const [sent] = hooks.to(id);
      const test = async () => hooks.made(`/v1/webhook_endpoints/${id}/test`, { type: 'hold.expired' });
      hooks.answers.set(id, () => answered(500));
      for (let n = 0; n < 10; n += 1) await test();
      await hooks.run();
      expect(Number((await circuit(id))?.probe_at_ms)).toBeGreaterThan(hooks.now);
      await hooks.transfer();
      await hooks.run();
      const tried = hooks.to(id).length;
      hooks.answers.delete(id);
      await retry(sent?.id);
      await hooks.run();
      expect(hooks.to(id)[tried]).toMatchObject({ id: sent?.id, body: sent?.body });
      expect(hooks.sequencesTo(id).slice(tried)).toEqual([1, 2]);
    });
  },
);
