import { fastify } from 'fastify';
import { refusalsAtOnceMax } from '../limits';
import { RefusalPace, slowRefusals } from './refusal-pace';

describe('refusals', () => {
  it('are late when one caller has too many of them in a second', () => {
    let now = 0;
    const pace = new RefusalPace(() => now);
    const late = (caller: string): boolean => pace.isTooOften({ principal: null, ip: caller });
    for (let count = 1; count <= refusalsAtOnceMax; count += 1) expect(late('key_a')).toBe(false);
    expect(late('key_a')).toBe(true);
    expect(late('key_b')).toBe(false);
    now = 1_000;
    expect(late('key_a')).toBe(false);
  });

  it.each([401, 403])('are late with %d, wherever in the request they come from', async (status) => {
    const app = fastify();
    slowRefusals(app, () => 0);
    app.get('/refused', (_request, reply) => reply.code(status).send('no'));
    app.get('/missing', (_request, reply) => reply.code(404).send('nothing'));
    const codeOf = (url: string): Promise<number> => app.inject(url).then(({ statusCode }) => statusCode);
    for (let count = 1; count <= refusalsAtOnceMax; count += 1) await codeOf('/refused');
    const answered: number[] = [];
    const late = codeOf('/refused').then((code) => answered.push(code));
    answered.push(await codeOf('/missing'));
    await late;
    expect(answered).toEqual([404, status]);
    await app.close();
  });
});
