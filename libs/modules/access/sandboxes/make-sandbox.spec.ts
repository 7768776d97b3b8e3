import { organizationOfSandbox } from '@fintech-ledger/access/domain';
import { hash } from 'node:crypto';
import { AccessInMemory } from '../../../testing/access-in-memory';
import { makeSandbox, MakeSandbox } from './make-sandbox.handler';

const pepper = 'a pepper of at least 32 characters';

interface Made {
  readonly id: string;
  readonly api_key?: string | null;
  readonly secret_shown?: true;
}

describe('a sandbox that a client makes', () => {
  let books: AccessInMemory;
  beforeEach(async () => {
    books = new AccessInMemory();
    await books.ask('org_1', { type: 'CreateOrganization', name: 'Acme' });
  });
  afterEach(() => books.close());

  const make = async (idempotencyKey: string, { dryRun = false, organizationId = 'org_1', max = 2 } = {}) => {
    const context = { organizationId, actor: 'key_1', dryRun, correlationId: 'req_1' };
    const keyed = { ...context, idempotencyKey, requestHash: hash('sha256', 'staging', 'hex') };
    const maker = { gateway: books, pepper, sandboxesMax: max };
    const outcome = await makeSandbox(maker, new MakeSandbox('Staging', keyed));
    if (outcome.kind === 'refused') return { code: outcome.refusal.code };
    return { made: JSON.parse(outcome.answer) as Made, replayed: outcome.replayed, answer: outcome.answer };
  };
  /** Those below org_1 that were opened, and what their streams hold. */
  const opened = async () => {
    const events = await books.store.readStream('org-org_1', { limit: 100 });
    const created = events.filter(({ type }) => type === 'SandboxCreated');
    const ids = created.map(({ data }) => (JSON.parse(data) as { sandbox: { id: string } }).sandbox.id);
    return Promise.all(ids.map((id) => books.typesOf(organizationOfSandbox(id))));
  };
  const whole = ['SandboxOpened', 'ApiKeyCreated'];

  it('has a key, which only the first answer shows', async () => {
    const first = await make('once');
    expect(first.made).toMatchObject({ object: 'sandbox', name: 'Staging', livemode: false });
    expect(first.made?.id).toMatch(/^sbx_/);
    expect(first.made?.api_key).toMatch(/^sk_test_/);
    const again = await make('once');
    expect(again.replayed).toBe(true);
    expect(again.answer).toBe(
      first.answer?.replace(/"api_key":"[^"]*"}$/, '"api_key":null,"secret_shown":true}'),
    );
    expect(await opened()).toEqual([whole]);
  });

  it.each([1, 2])('is ended by a replay when its maker died after %i of its commands', async (commands) => {
    books.left = commands;
    await expect(make('once')).rejects.toMatchObject({ name: 'WriterUnavailable' });
    books.left = undefined;
    const ended = await make('once');
    expect(ended.made?.api_key).toMatch(/^sk_test_/);
    expect(ended.made?.secret_shown).toBeUndefined();
    expect((await make('once')).made).toEqual({ ...ended.made, api_key: null, secret_shown: true });
    expect(await opened()).toEqual([whole]);
  });

  it('is made once by requests that come at once, and one of them has the key', async () => {
    const all = await Promise.all([1, 2, 3].map(() => make('once')));
    expect(new Set(all.map(({ made }) => made?.id)).size).toBe(1);
    expect(all.filter(({ made }) => typeof made?.api_key === 'string')).toHaveLength(1);
    expect(await opened()).toEqual([whole]);
  });

  it('is not made by a dry run, which shows no key', async () => {
    const tried = await make('once', { dryRun: true });
    expect(tried.made).toMatchObject({ object: 'sandbox' });
    expect(tried.made).not.toHaveProperty('api_key');
    expect(await opened()).toEqual([]);
    const made = await make('once');
    expect((await make('once', { dryRun: true })).made).toMatchObject({
      id: made.made?.id,
      api_key: null,
      secret_shown: true,
    });
  });

  it('is refused beyond the limit, and below a sandbox', async () => {
    const first = await make('first');
    await make('second');
    expect(await make('third')).toEqual({ code: 'sandbox_limit' });
    const organizationId = organizationOfSandbox(first.made?.id ?? '');
    expect(await make('third', { organizationId })).toEqual({ code: 'live_key_required' });
    expect((await make('first')).replayed).toBe(true);
    expect(await opened()).toEqual([whole, whole]);
  });
});
