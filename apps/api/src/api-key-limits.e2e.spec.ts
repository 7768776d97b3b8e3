import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accepted, fakeWorld, issueKey } from '../../../test/support/api-fakes';
import type { FakeWorld } from '../../../test/support/api-fakes';
import { createApi } from './create-api';

const key = issueKey(['*'], 1);
const away = issueKey(['ops:read'], 2);
const near = issueKey(['ops:read'], 3);
const allowedIps = ['192.0.2.7'];

const lines: (Readonly<Record<string, unknown>> & { readonly event?: string })[] = [];
let app: NestFastifyApplication;
let world: FakeWorld;
let store: MemoryEventStore;
let url: string;

beforeAll(async () => {
  store = new MemoryEventStore();
  world = fakeWorld([key], store, { healthChecks: { part: () => 'what only operators are told' } });
  world.apiKeys.inForce.push({ ...away.credentials, allowedIps });
  world.apiKeys.inForce.push({ ...near.credentials, allowedIps: [...allowedIps, '127.0.0.0/8', '::1'] });
  const keep = (facts: object, message: string): void => {
    if (message === 'security') lines.push(facts as (typeof lines)[number]);
  };
  Object.assign(world.log, { warn: keep, info: keep });
  app = await createApi(world);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
beforeEach(() => {
  world.gateway.reset();
  lines.length = 0;
});
afterAll(async () => {
  await app.close();
  await store.close();
});

async function send(path: string, token = key.token, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  return { status: response.status, text: await response.text() };
}
async function post(path: string, body: object) {
  const headers = { authorization: `Bearer ${key.token}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, json: (await response.json()) as Readonly<Record<string, unknown>> };
}
/** The line of a request comes once it is over. */
const line = async (): Promise<(typeof lines)[number] | undefined> => {
  for (let i = 0; i < 500 && lines.length === 0; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 2));
  return lines[0];
};

describe('a key that may be used from some addresses only', () => {
  it('is refused from elsewhere, whatever it may do, and told nothing else', async () => {
    const { status, text } = await send('/v1/api_keys', away.token);
    expect([status, JSON.parse(text)]).toMatchObject([403, { code: 'address_not_allowed' }]);
    expect(text).not.toContain('192.0.2.7');
    const { keyId } = away.credentials;
    const facts = {
      event: 'forbidden',
      code: 'address_not_allowed',
      key_id: keyId,
      organization_id: 'org_1',
    };
    expect(await line()).toMatchObject({ ...facts, address: '127.0.0.1' });
  });

  it('is refused whatever a header says of where it comes from', async () => {
    const forged = { 'x-forwarded-for': '192.0.2.7', forwarded: 'for=192.0.2.7', 'x-real-ip': '192.0.2.7' };
    expect((await send('/metrics', away.token, forged)).status).toBe(403);
  });

  it('is let in from there, and told then what operators are told', async () => {
    expect((await send('/metrics', near.token)).status).toBe(200);
    expect((await send('/health/ready', near.token)).text).toContain('what only operators are told');
    expect((await send('/health/ready', away.token)).text).not.toContain('what only operators are told');
  });
});

describe('a key that is made', () => {
  const made = { name: 'x', scopes: ['ledger:read'] };

  it('keeps times and addresses in one form, each address once', async () => {
    world.gateway.answer = ({ command }) =>
      accepted(`{"id":"${(command as { apiKeyId: string }).apiKeyId}"}`);
    const body = {
      ...made,
      expires_at: '2099-01-01T01:00:00+01:00',
      allowed_ips: ['203.0.113.9/24', '::ffff:203.0.113.0/120', '2001:DB8::0:1', '203.0.113.7/32'],
    };
    expect((await post('/v1/api_keys', body)).status).toBe(201);
    expect(world.gateway.submitted[0]?.command).toMatchObject({
      expiresAt: '2099-01-01T00:00:00.000Z',
      allowedIps: ['203.0.113.0/24', '2001:db8::1', '203.0.113.7'],
    });
    expect((await post('/v1/api_keys', { ...made, expires_at: null, allowed_ips: null })).status).toBe(201);
    expect(world.gateway.submitted[1]?.command).not.toHaveProperty('expiresAt');
    expect(world.gateway.submitted[1]?.command).not.toHaveProperty('allowedIps');
  });

  it.each<[object, string]>([
    [{ expires_at: 'tomorrow' }, '/expires_at'],
    [{ expires_at: 1_800_000_000 }, '/expires_at'],
    [{ allowed_ips: [] }, '/allowed_ips'],
    [{ allowed_ips: '203.0.113.7' }, '/allowed_ips'],
    [{ allowed_ips: ['203.0.113.7', '203.0.113.7/33'] }, '/allowed_ips/1'],
    [{ allowed_ips: ['localhost'] }, '/allowed_ips/0'],
    [{ allowed_ips: Array.from({ length: 51 }, (_, n) => `203.0.113.${n}`) }, '/allowed_ips'],
  ])('is refused with %j, naming %s', async (more, param) => {
    const { status, json } = await post('/v1/api_keys', { ...made, ...more });
    expect([status, json['param']]).toEqual([400, param]);
    expect(world.gateway.submitted).toEqual([]);
  });
});

describe('a key that is given another secret', () => {
  it('is shown once, and the log has who asked for it and no secret', async () => {
    let mark = '';
    world.gateway.answer = ({ command }) => {
      mark = (command as { hmac: string }).hmac.slice(0, 16);
      return accepted(`{"id":"key_1","secret":"${mark}"}`);
    };
    const rotate = '/v1/api_keys/key_1/rotate';
    const { json } = await post(rotate, { overlap_seconds: 60 });
    expect(json).toMatchObject({
      id: 'key_1',
      key: expect.stringMatching(/^sk_live_/) as string,
      livemode: true,
    });
    expect(json).not.toHaveProperty('secret');
    world.gateway.answer = () => accepted('{"id":"key_1","secret":"of an earlier request"}', true);
    const replayed = await post(rotate, {});
    expect(replayed.json).toEqual({ id: 'key_1', key: null, secret_shown: true, livemode: true });
    expect(world.gateway.submitted.map(({ command }) => command)).toMatchObject([
      { type: 'RotateApiKey', apiKeyId: 'key_1', overlapSeconds: 60, scopes: ['*'] },
      { overlapSeconds: 86_400 },
    ]);
    world.gateway.answer = () => accepted('{"id":"key_1","secret":"of nobody"}');
    expect((await post(`${rotate}?dry_run=true`, {})).json).toEqual({ id: 'key_1', livemode: true });
    expect(lines).toMatchObject([
      { event: 'key_rotated', changed_key_id: 'key_1', overlap_seconds: 60, address: '127.0.0.1' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('sk_');
  });

  it.each([-1, 604_801, 1.5, '60', null])('is refused with an overlap of %j', async (overlap) => {
    const { status, json } = await post('/v1/api_keys/key_1/rotate', { overlap_seconds: overlap });
    expect([status, json['param']]).toEqual([400, '/overlap_seconds']);
    expect(world.gateway.submitted).toEqual([]);
  });

  it('says to writers which secret asks', async () => {
    world.apiKeys.inForce[0] = { ...key.credentials, generation: 3 };
    await post('/v1/ledgers', { name: 'Books' });
    world.apiKeys.inForce[0] = key.credentials;
    await post('/v1/ledgers', { name: 'Books' });
    expect(world.gateway.submitted[0]).toMatchObject({ actorSecret: 3 });
    expect(world.gateway.submitted[1]).not.toHaveProperty('actorSecret');
  });
});
