import { recomputeHash } from '@fintech-ledger/envelope';
import { wholeStream } from '@fintech-ledger/event-store';
import { allRows, linesWith } from './support/all-rows';
import { PaymentsHttp } from './support/payments/payments-http';
import type { Json } from './support/payments/payments-http';
import { WebhooksInProcess } from './support/webhooks-in-process';

jest.setTimeout(240_000);

describe.each(['embedded', 'distributed'] as const)('evidence of disputes of the %s product', (mode) => {
  let hooks: WebhooksInProcess;
  let sandbox: PaymentsHttp;
  let disputes: readonly string[] = [];
  let customer = '';
  const text = `Signed for by Jenny Rosenkavalier ${mode}, "at the door".`;
  const files = [{ name: `rosenkavalier-${mode}.pdf`, sha256: 'ab'.repeat(32) }];
  const body = { text, files, submit: false };
  const plainIn = (all: string): readonly string[] =>
    ['Rosenkavalier', `rosenkavalier-${mode}`].filter((value) => linesWith(all, value).length > 0);
  const evidenceOf = async (id: string): Promise<unknown> =>
    (await sandbox.get(`/v1/disputes/${id}`))['evidence'];
  const shownOf = async (id: string): Promise<string> =>
    JSON.stringify([
      await sandbox.get(`/v1/disputes/${id}`),
      await sandbox.list(`/v1/disputes/${id}/history`),
      await sandbox.list(`/v1/events?object=${id}`),
    ]);

  beforeAll(async () => {
    hooks = await WebhooksInProcess.start(mode);
    sandbox = await PaymentsHttp.sandbox(hooks.http, 'Evidence');
    await sandbox.put('/v1/clock', { time: '2027-03-01T10:00:00.000Z' });
    customer = String((await sandbox.post('/v1/customers', { name: 'J' }))['id']);
    const method = 'pm_card_createDispute';
    const paid = [
      await sandbox.pay(method),
      await sandbox.pay(method),
      String(
        (
          await sandbox.post('/v1/payments', {
            ...{ amount: '10000', currency: 'USD', confirm: true, customer },
            payment_method: (
              await sandbox.post(`/v1/customers/${customer}/payment_methods`, { payment_method: method })
            )['id'],
          })
        )['id'],
      ),
      await sandbox.pay(method),
    ];
    await sandbox.post('/v1/clock/advance', { to: '2027-03-02T10:00:00Z' });
    const opened = (): Promise<readonly Json[]> => sandbox.list('/v1/disputes');
    const all = await sandbox.until(opened, ({ length }) => length === paid.length);
    disputes = paid.map((id) => String(all.find(({ payment }) => payment === id)?.['id']));
  });
  afterAll(async () => {
    await hooks?.dispatcher.close();
    await hooks?.parts.close();
  });

  it('is kept encrypted, and shown as it was given; its repetition gets the same answer', async () => {
    const [own = ''] = disputes;
    const headers = { 'idempotency-key': `own-${mode}` };
    const given = await sandbox.post(`/v1/disputes/${own}/evidence`, body, { headers });
    expect(given).toMatchObject({ evidence: { text, files, submitted_at: null } });
    expect(await sandbox.post(`/v1/disputes/${own}/evidence`, body, { headers })).toEqual(given);
    const another = { method: 'POST', body: { ...body, text: 'x' }, headers } as const;
    expect(await sandbox.ask(`/v1/disputes/${own}/evidence`, another)).toMatchObject({
      ...{ status: 422, json: { code: 'idempotency_key_reused' } },
    });
    expect(plainIn(await shownOf(own))).toHaveLength(2);
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
  });

  it('of the dispute is forgotten by its erasure, and other evidence can be given', async () => {
    const [own = ''] = disputes;
    const path = `/v1/disputes/${own}`;
    expect(await sandbox.post(`${path}/erase?dry_run=true`)).toMatchObject({ evidence: null });
    expect(await evidenceOf(own)).toMatchObject({ text });
    expect(await sandbox.post(`${path}/erase`)).toMatchObject({ id: own, evidence: null });
    expect(await sandbox.post(`${path}/erase`)).toMatchObject({ evidence: null });
    expect(plainIn(await shownOf(own))).toEqual([]);
    const again = { 'idempotency-key': `own-${mode}` };
    expect(await sandbox.post(`${path}/evidence`, body, { headers: again })).toMatchObject({
      evidence: null,
    });
    const looks = { text: 'sealed:1:dispute.evidence.part:sub_1:AAAA', submit: true };
    const given = await sandbox.post(`${path}/evidence`, looks);
    expect(given).toMatchObject({ status: 'under_review', evidence: { text: looks.text } });
    expect(await evidenceOf(own)).toMatchObject({ text: looks.text });
  });

  it('is in no webhook, and in no answer to one, once it is erased', async () => {
    const [, , , told = ''] = disputes;
    const hook = { url: 'http://127.0.0.1:9/', event_types: ['dispute.updated'] };
    const endpoint = String((await sandbox.post('/v1/webhook_endpoints', hook))['id']);
    hooks.saysBack(endpoint, 4_096);
    const bodies = (): readonly string[] =>
      hooks.to(endpoint).flatMap((one) => (one.body.includes(told) ? [one.body] : []));
    const responses = (): Promise<readonly unknown[]> =>
      hooks.responsesOf(endpoint, (path) => sandbox.get(path));
    await sandbox.post(`/v1/disputes/${told}/evidence`, body);
    await hooks.runUntil(() => bodies().length === 1);
    const [first = ''] = bodies();
    expect(JSON.parse(first)).toMatchObject({ data: { object: { id: told, evidence: { text, files } } } });
    expect(await responses()).toEqual([first]);
    // It is kept until it may be sent, and is made of its event when it is.
    await sandbox.post(`/v1/webhook_endpoints/${endpoint}/disable`);
    await sandbox.post(`/v1/disputes/${told}/evidence`, { ...body, files: [] });
    await hooks.run();
    await sandbox.post(`/v1/disputes/${told}/erase`);
    expect(await responses()).toEqual([null]);
    hooks.sent = [];
    await sandbox.post(`/v1/webhook_endpoints/${endpoint}/enable`);
    await sandbox.post(`/v1/webhook_endpoints/${endpoint}/replays`, { from: '2020-01-01T00:00:00Z' });
    await hooks.runUntil(() => new Set(bodies()).size === 2);
    for (const sent of bodies())
      expect(JSON.parse(sent)).toMatchObject({
        type: 'dispute.updated',
        data: { object: { id: told, evidence: null } },
      });
    expect(plainIn(bodies().join('\n'))).toEqual([]);
    expect(plainIn(await allRows(hooks.parts.database))).toEqual([]);
  });

  it('of a customer is forgotten with them alone; later evidence has a key of its own', async () => {
    const [, none = '', theirs = ''] = disputes;
    expect(await sandbox.post(`/v1/disputes/${theirs}/evidence`, body)).toMatchObject({ evidence: { text } });
    for (const id of [none, theirs])
      await sandbox.refused(`/v1/disputes/${id}/erase`, {}, 409, 'dispute_evidence_not_erasable');
    await sandbox.post(`/v1/customers/${customer}`, undefined, { method: 'DELETE' });
    expect(await evidenceOf(theirs)).toBeNull();
    expect(plainIn(await shownOf(theirs))).toEqual([]);
    expect(await sandbox.post(`/v1/disputes/${theirs}/evidence`, body)).toMatchObject({ evidence: { text } });
    expect(await sandbox.post(`/v1/disputes/${theirs}/erase`)).toMatchObject({ evidence: null });
    expect(plainIn(await shownOf(theirs))).toEqual([]);
  });

  it('whose key is damaged is no other: a repetition gets its first answer without it, more is refused', async () => {
    const [, , , own = ''] = disputes;
    const path = `/v1/disputes/${own}/evidence`;
    const headers = { 'idempotency-key': `damaged-${mode}` };
    const { id } = await sandbox.post(path, body, { headers });
    await hooks.parts.database.query(
      `update privacy.subject_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)`,
    );
    expect(await sandbox.post(path, body, { headers })).toMatchObject({ id, evidence: null });
    const more = { method: 'POST', body: { ...body, text: 'More.' } } as const;
    expect(await sandbox.once(path, more)).toMatchObject({ status: 503, json: { code: 'unavailable' } });
    expect(await evidenceOf(own)).toBeNull();
  });

  it('is in no event as it was given, and the chain holds', async () => {
    const ledger = String((await sandbox.get('/v1/payments_ledger'))['id']);
    let count = 0;
    for await (const event of wholeStream(hooks.parts.store, `journal-${ledger}`)) {
      expect(recomputeHash(event)).toBe((JSON.parse(event.metadata) as { hash: string }).hash);
      expect(plainIn(`${event.data}\n${event.metadata}`)).toEqual([]);
      count += 1;
    }
    expect(count).toBeGreaterThan(10);
  });
});
