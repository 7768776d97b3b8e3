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
