import type { Resolver } from 'node:dns/promises';
import { dnsResolver, rememberNames } from './resolve-name';

const failure = (code: string): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
const resolverOf = (four: () => Promise<string[]>, six: () => Promise<string[]>) =>
  dnsResolver({ resolve4: four, resolve6: six } as unknown as Resolver);

describe('the addresses of a name in the DNS', () => {
  it('are those of both families', async () => {
    const resolve = resolverOf(
      async () => ['1.1.1.1'],
      async () => ['2606:4700::1'],
    );
    await expect(resolve('a.example')).resolves.toEqual(['1.1.1.1', '2606:4700::1']);
  });

  it('are those of one family when the other fails', async () => {
    const resolve = resolverOf(
      async () => ['1.1.1.1'],
      () => failure('ESERVFAIL'),
    );
    await expect(resolve('a.example')).resolves.toEqual(['1.1.1.1']);
  });

  it('are none when there is none', async () => {
    const resolve = resolverOf(
      () => failure('ENOTFOUND'),
      () => failure('ENODATA'),
    );
    await expect(resolve('a.example')).resolves.toEqual([]);
  });

  it('are not known when nobody could say', async () => {
    const resolve = resolverOf(
      () => failure('ENODATA'),
      () => failure('ETIMEOUT'),
    );
    await expect(resolve('a.example')).rejects.toThrow('ETIMEOUT');
  });

  it('of localhost are not asked for', async () => {
    const resolve = resolverOf(
      () => failure('asked'),
      () => failure('asked'),
    );
    await expect(resolve('localhost')).resolves.toEqual(['127.0.0.1', '::1']);
    await expect(resolve('hooks.localhost')).resolves.toEqual(['127.0.0.1', '::1']);
    await expect(resolve('notlocalhost')).rejects.toThrow('asked');
  });
});

describe('a name that was resolved lately', () => {
  const remembered = (answers: readonly (() => Promise<readonly string[]>)[]) => {
    let [now, asked] = [0, 0];
    const resolve = rememberNames(
      () => answers[asked++]?.() ?? failure('asked too often'),
      () => now,
    );
    return { resolve, asked: () => asked, pass: (ms: number) => void (now += ms) };
  };

  it('is not asked for again for ten seconds, nor by those who ask together', async () => {
    const { resolve, asked, pass } = remembered([async () => ['1.1.1.1'], async () => ['1.0.0.1']]);
    await Promise.all([resolve('a.example'), resolve('a.example')]);
    pass(9_999);
    await expect(resolve('a.example')).resolves.toEqual(['1.1.1.1']);
    expect(asked()).toBe(1);
    pass(1);
    await expect(resolve('a.example')).resolves.toEqual(['1.0.0.1']);
  });

  it('is asked for again when it had no address, or failed', async () => {
    const { resolve } = remembered([async () => [], () => failure('ESERVFAIL'), async () => ['1.1.1.1']]);
    await expect(resolve('a.example')).resolves.toEqual([]);
    await expect(resolve('a.example')).rejects.toThrow('ESERVFAIL');
    await expect(resolve('a.example')).resolves.toEqual(['1.1.1.1']);
  });
});
