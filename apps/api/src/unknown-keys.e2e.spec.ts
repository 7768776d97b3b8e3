import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fakeWorld, issueKey } from '../../../test/support/api-fakes';
import type { FakeWorld } from '../../../test/support/api-fakes';
import { apiOperations } from '../../../test/support/fuzz/api-operations';
import type { Operation } from '../../../test/support/fuzz/api-operations';
import { createApi } from './create-api';

/** A process that has not heard from the event store for longer than a second, and for less than reads go on. */
describe('while it is not known whether a key is in force', () => {
  const key = issueKey(['*'], 1);
  let app: NestFastifyApplication;
  let world: FakeWorld;
  let store: MemoryEventStore;
  let port: number;
  let tests: object[];

  beforeAll(async () => {
    store = new MemoryEventStore();
    world = fakeWorld([key], store);
    Object.assign(world.webhookOutbox, {
      retry: (...asked: object[]) => (tests.push(asked), Promise.resolve(null)),
    });
    app = await createApi(world);
    await app.listen(0, '127.0.0.1');
    port = Number(new URL(await app.getUrl()).port);
  });
  beforeEach(() => {
    tests = [];
    world.gateway.reset();
    world.apiKeys.revoked.clear();
    world.apiKeys.age = 0;
    world.apiKeys.checks = 0;
    world.apiKeys.onRefresh = () => false;
  });
  afterAll(async () => {
    await app.close();
    await store.close();
  });

  function begun(method: string, path: string, bytes = 0): ClientRequest {
    const headers = {
      authorization: `Bearer ${key.token}`,
      ...(bytes > 0 && { 'content-type': 'application/json', 'content-length': bytes }),
    };
    return httpRequest({ port, host: '127.0.0.1', method, path, headers });
  }
  async function answerTo(request: ClientRequest) {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += String(piece);
    const code = /"code":"([a-z_]+)"/.exec(text)?.[1];
    return { status: response.statusCode, code, detail: /"detail":"([^"]*)"/.exec(text)?.[1] ?? '' };
  }
  const answer = (method: string, path: string) => answerTo(begun(method, path).end());
  const pathOf = ({ path, parameters = [] }: Operation): string =>
    path.replace(/\{([^}]+)\}/g, (_, name: string) => {
      const found = parameters.find((each) => each.name === name) as { schema: { example?: string } };
      return encodeURIComponent(found.schema.example ?? 'x');
    });

  const closed = apiOperations.filter(({ responses }) => responses['401'] !== undefined);
  const changing = closed.filter(({ method }) => method !== 'GET');

  it('whatever changes something is refused, whether it is a command or not', async () => {
    expect(changing.length).toBeGreaterThan(90);
    world.apiKeys.age = 1_001;
    for (const operation of changing) {
      const { status, code, detail } = await answer(operation.method, pathOf(operation));
      expect([operation.operationId, status, code, detail]).toEqual([
        operation.operationId,
        503,
        'unavailable',
        expect.stringContaining('whether the API key is in force'),
      ]);
    }
    expect(world.gateway.submitted).toEqual([]);
    expect(tests).toEqual([]);
  });

  it('reads go on', async () => {
    world.apiKeys.age = 1_001;
    expect(await answer('GET', '/v1/ledgers')).toMatchObject({ status: 200 });
    expect(await answer('GET', '/v1/deliveries/msg_1')).toMatchObject({ status: 404 });
  });

  it('a change whose body comes slowly is refused when it is there', async () => {
    const body = '{"type":"transaction.posted"}';
    const request = begun('POST', '/v1/webhook_endpoints/we_1/test', body.length);
    request.write(body.slice(0, 5));
    while (world.apiKeys.checks === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    world.apiKeys.revoked.add(key.credentials.keyId);
    request.end(body.slice(5));
    expect(await answerTo(request)).toMatchObject({ status: 401, code: 'unauthenticated' });
  });
});
