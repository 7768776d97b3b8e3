import fastify from 'fastify';
import { unslicedBytesMax } from '../limits';
import type { ApiRequest } from './api-request';
import { registerContentTypes } from './request-bodies';

/** A server whose requests say whose they are. */
async function server() {
  const parsed: string[] = [];
  const app = fastify();
  app.decorateRequest('principal', null);
  app.decorateRequest('whenClosed', null);
  app.addHook('onRequest', (request, reply, done) => {
    // As `OpenRequests` does.
    reply.raw.on('close', () => (request as ApiRequest).whenClosed?.());
    done();
  });
  app.addHook('onRequest', (request, _reply, done) => {
    Object.assign(request, { principal: { organizationId: request.headers['owner'] } });
    done();
  });
  registerContentTypes(app);
  app.post('/', ({ headers }) => {
    parsed.push(String(headers['owner']));
    return 'ok';
  });
  await app.ready();
  const send = (owner: string, bytes: number) =>
    app.inject({
      method: 'POST',
      url: '/',
      headers: { owner, 'content-type': 'application/json' },
      payload: JSON.stringify('x'.repeat(bytes)),
    });
  return { app, parsed, send };
}
const many = Array.from({ length: 20 });

describe('while an organization sends many large bodies', () => {
  it('the small body of another one is parsed at once', async () => {
    const { app, parsed, send } = await server();
    const large = many.map(() => send('large', unslicedBytesMax));
    await Promise.all([...large, send('small', 10)]);
    expect(parsed.length).toBe(21);
    expect(parsed.indexOf('small')).toBeLessThan(5);
    await app.close();
  });

  it('the large body of another one is parsed in its turn', async () => {
    const { app, parsed, send } = await server();
    const large = many.map(() => send('large', unslicedBytesMax));
    await Promise.all([...large, send('other', unslicedBytesMax)]);
    expect(parsed.length).toBe(21);
    expect(parsed.indexOf('other')).toBeLessThan(5);
    await app.close();
  });

  it('what is no JSON is refused as ever', async () => {
    const { app } = await server();
    const answer = await app.inject({
      method: 'POST',
      url: '/',
      headers: { owner: 'large', 'content-type': 'application/json' },
      payload: `"${'x'.repeat(unslicedBytesMax)}`,
    });
    expect(answer.body).toContain('The body is not JSON.');
    await app.close();
  });
});
