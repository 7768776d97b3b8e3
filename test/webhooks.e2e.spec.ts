import { selfSignedCertificate } from '@fintech-ledger/testing';
import { WebhookVerifier } from '@fintech-ledger/webhook-verifier';
import { webhookEndpointsMax } from '@fintech-ledger/webhooks/domain';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpSpec } from './support/http-spec';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(300_000);

interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

describe('webhooks over HTTP', () => {
  const certificate = selfSignedCertificate();
  const received: Received[] = [];
  /** Requests that get no answer. */
  let isHanging = false;
  let server: Server;
  let base = '';
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;
  let http: HttpSpec;
  let apiKey = '';
  let ledger = '';
  let refused: string | undefined;

  const start = async (): Promise<void> => {
    standalone = await startStandaloneProcess({
      dataFolder: folder.path,
      environment: { WEBHOOK_ALLOWED_CIDRS: '127.0.0.1/32', NODE_EXTRA_CA_CERTS: certificate.file },
    });
    if (standalone.apiKey !== '') ({ apiKey } = standalone);
    http = new HttpSpec(standalone.url, apiKey, '');
  };
  const made = async (path: string, body: object = {}, headers: Record<string, string> = {}) =>
    (await http.when({ path, body, headers }).thenAccepted()).json;
  const get = async (path: string) => (await http.when({ method: 'GET', path }).thenAccepted()).json;
  const endpoint = async (path: string, more: object = {}) => {
    const body = { url: `${base}${path}`, event_types: ['transaction.posted'], ...more };
    const { id, secret } = await made('/v1/webhook_endpoints', body);
    return { id: String(id), secret: String(secret) };
  };
  const transfer = () =>
    made(`/v1/ledgers/${ledger}/transfers`, {
      debit_account: 'a',
      credit_account: 'b',
      amount: '1',
      currency: 'USD',
    });
  const at = (path: string): readonly Received[] => received.filter((one) => one.path === path);
  async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let n = 0; n < 1_200; n += 1) {
      if (await isSo()) return;
      await delay(100);
    }
    throw new Error(`${what}: ${standalone.log()}`);
  }
  const sequencesAt = (path: string, secret: string): readonly (number | null)[] =>
    at(path).map(({ body, headers }) => new WebhookVerifier(secret).verify(body, headers).event.sequence);

  beforeAll(async () => {
    buildStandalone();
    server = createServer({ key: certificate.key, cert: certificate.certificate }, (request, response) => {
      void buffer(request).then((body) => {
        received.push({ path: request.url ?? '', headers: request.headers, body });
        if (!isHanging) response.writeHead(200).end('thanks');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = await temporaryFolder();
    await start();
    ledger = String((await made('/v1/ledgers', { name: 'books' }))['id']);
    for (const address of ['a', 'b'])
      await made(`/v1/ledgers/${ledger}/accounts`, { address, type: 'asset', currency: 'USD' });
  });
  afterAll(async () => {
    await standalone?.stop();
    server?.closeAllConnections();
    server?.close();
    await folder?.remove();
  });

  it('come to a receiver that verifies them, with the event as the API has it', async () => {
    const { id, secret } = await endpoint('/verified', { headers: { 'X-Shop': 'seven' } });
    const { position } = await transfer();
    await until('a message', () => at('/verified').length > 0);
    const [one] = at('/verified');
    const { event, id: message } = new WebhookVerifier(secret).verify(one?.body ?? '', one?.headers ?? {});
    const {
      actor: _actor,
      request: _request,
      object: _object,
      ...told
    } = await get(`/v1/events/${event.id}`);
    expect(event).toEqual({ ...told, sequence: 1, livemode: true });
    expect(event.position).toBe(position);
    expect(one?.headers).toMatchObject({
      'x-shop': 'seven',
      'content-type': 'application/json; charset=utf-8',
    });
    await until(
      'its outcome',
      async () => (await get(`/v1/deliveries/${message}`))['status'] === 'succeeded',
    );
    // It came from a range that the operator opened, so nothing of the answer is kept.
    expect(await get(`/v1/deliveries/${message}`)).toMatchObject({
      webhook_endpoint: id,
      attempts: [{ number: 1, status: 200, response: null, error: null }],
    });
    expect(await get(`/v1/webhook_endpoints/${id}/deliveries?status=succeeded`)).toMatchObject({
      data: [{ id: message, event: event.id, sequence: 1 }],
    });
  });

  it('are signed with each secret whose overlap is not over, and a test and a retry come at once', async () => {
    const { id, secret } = await endpoint('/rotated');
    expect(secret).toMatch(/^whsec_[^*]+$/);
    const key = { 'idempotency-key': 'rotate-once' };
    const { secret: next } = await made(
      `/v1/webhook_endpoints/${id}/rotate_secret`,
      { overlap_seconds: 600 },
      key,
    );
    const again = await made(`/v1/webhook_endpoints/${id}/rotate_secret`, { overlap_seconds: 600 }, key);
    expect(again).toMatchObject({ id, secret: null, secret_shown: true });
    const { secret: third } = await made(`/v1/webhook_endpoints/${id}/rotate_secret`, {
      overlap_seconds: 60,
    });
    const { id: message } = await made(`/v1/webhook_endpoints/${id}/test`, { type: 'hold.expired' });
    await until('a test', () => at('/rotated').length === 1);
    await until(
      'its outcome',
      async () => (await get(`/v1/deliveries/${String(message)}`))['status'] === 'succeeded',
    );
    await made(`/v1/deliveries/${String(message)}/retry`);
    await until('it again', () => at('/rotated').length === 2);
    const [first, second] = at('/rotated');
    expect(second?.body).toEqual(first?.body);
    for (const each of [secret, String(next), String(third)])
      expect(new WebhookVerifier(each).verify(first?.body ?? '', first?.headers ?? {})).toMatchObject({
        id: message,
        event: { type: 'hold.expired', sequence: null },
      });
  });

  it('are each delivered when the process is killed in the middle, in order, under the same ids', async () => {
    const { secret } = await endpoint('/killed', { ordering: 'strict' });
    for (let n = 0; n < 3; n += 1) await transfer();
    await until('three', () => at('/killed').length === 3);
    for (let round = 1; round <= 2; round += 1) {
      isHanging = true;
      const before = at('/killed').length;
      await transfer();
      await until('one that gets no answer', () => at('/killed').length > before);
      await transfer();
      await standalone.kill();
      server.closeAllConnections();
      isHanging = false;
      await start();
      await until('all of them', () => new Set(sequencesAt('/killed', secret)).size === 3 + 2 * round);
    }
    const seen = sequencesAt('/killed', secret).map(Number);
    // In order, but for what came again because of a kill.
    expect([...new Set(seen)]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const ids = new Map(
      at('/killed').map(({ body, headers }) => [String(headers['webhook-id']), String(body)]),
    );
    expect(ids.size).toBe(7);
  });

  it.each([
    [{ url: 'https://user:password@example.com/' }, 400, 'invalid_url', '/url'],
    [{ url: 'http://example.com/' }, 400, 'invalid_url', '/url'],
    [{ url: 'ftp://example.com/' }, 400, 'invalid_url', '/url'],
    [{ url: 'javascript:alert(1)' }, 400, 'invalid_url', '/url'],
    [{ url: 'file:///etc/passwd' }, 400, 'invalid_url', '/url'],
    [{ url: 'wss://example.com/' }, 400, 'invalid_url', '/url'],
    [{ url: 7 }, 400, 'invalid_value', '/url'],
    [{ url: `https://example.com/${'x'.repeat(3_000)}` }, 400, 'invalid_url', '/url'],
    [{ url: 'https://10.0.0.1/' }, 422, 'forbidden_url', '/url'],
    [{ url: 'https://0x7f000002/' }, 422, 'forbidden_url', '/url'],
    [{ event_types: ['transaction.lost'] }, 422, 'unknown_event_type', '/event_types/0'],
    [{ event_types: ['hold.*', 'nothing.*'] }, 422, 'event_filter_matches_nothing', '/event_types/1'],
    [{ event_types: [] }, 400, 'invalid_value', '/event_types'],
    [{ event_types: ['Hold!'] }, 400, 'invalid_value', '/event_types/0'],
    [{ ordering: 'any' }, 400, 'invalid_value', '/ordering'],
    [{ headers: { Host: 'x' } }, 400, 'invalid_request_header', '/headers/Host'],
    [{ headers: { 'Webhook-Id': 'x' } }, 400, 'invalid_request_header', '/headers/Webhook-Id'],
    [{ headers: { 'X-A': 'a\nb' } }, 400, 'invalid_request_header', '/headers/X-A'],
    [{ headers: { 'X-A': 1 } }, 400, 'invalid_value', '/headers'],
  ])('%j is refused with %i %s at %s', async (wrong, status, code, param) => {
    const body = { url: `${base}/x`, event_types: ['hold.*'], ...wrong };
    const answer = await http.send({ path: '/v1/webhook_endpoints', body });
    expect({ status: answer.status, ...answer.json }).toMatchObject({ status, code, param });
    // A change of an endpoint is refused alike, and changes nothing.
    refused ??= (await endpoint('/refused')).id;
    const path = `/v1/webhook_endpoints/${refused}`;
    const before = await get(path);
    const changed = await http.send({ method: 'PATCH', path, body: wrong });
    expect({ status: changed.status, ...changed.json }).toMatchObject({ status, code, param });
    expect(await get(path)).toEqual(before);
  });

  it('refuse the endpoint after the last one that an organization may have', async () => {
    const body = { url: `${base}/many`, event_types: ['webhook_endpoint.disabled'] };
    let answer = await http.send({ path: '/v1/webhook_endpoints', body });
    for (let n = 0; n < webhookEndpointsMax && answer.status === 201; n += 1)
      answer = await http.send({ path: '/v1/webhook_endpoints', body });
    // too_many_webhook_endpoints
    expect({ status: answer.status, ...answer.json }).toMatchObject({
      status: 422,
      code: 'too_many_webhook_endpoints',
    });
  });
});
