import type { EnvironmentReader } from './environment-reader';

/** What requests are counted as. A query that waits for a position is one of `waits`, too. */
export const requestUses = [
  'posts',
  'queries',
  'expensive',
  'exports',
  'imports',
  'streams',
  'waits',
] as const;
export type RequestUse = (typeof requestUses)[number];

/** What one organization may do with one kind of requests, in all processes of an installation together. */
export interface UseLimits {
  /** Requests that run at once. */
  readonly concurrency: number;
  /** Requests that begin in a second. */
  readonly rate: number;
  /** Units of cost that begin in a second: 1 KB of a body, or 20 items of a page, or one request. */
  readonly cost: number;
}
export type RequestLimits = Readonly<Record<RequestUse, UseLimits>>;

/** Far above what a client reaches that does not mean to: the benchmarks of this product stay below them. */
export const requestLimitsDefault: RequestLimits = {
  posts: { concurrency: 4_000, rate: 20_000, cost: 100_000 },
  queries: { concurrency: 500, rate: 20_000, cost: 100_000 },
  expensive: { concurrency: 32, rate: 500, cost: 2_500 },
  exports: { concurrency: 8, rate: 200, cost: 200 },
  imports: { concurrency: 4, rate: 200, cost: 200 },
  streams: { concurrency: 200, rate: 500, cost: 500 },
  waits: { concurrency: 500, rate: 20_000, cost: 20_000 },
};

const limitNames = ['concurrency', 'rate', 'cost'] as const;

/** `posts.rate=500,streams.concurrency=20`: what is not named is as by default. */
export function readRequestLimits(reader: EnvironmentReader, name: string): RequestLimits {
  let limits = requestLimitsDefault;
  for (const [key, text] of Object.entries(reader.keyValues(name))) {
    const use = requestUses.find((one) => key.startsWith(`${one}.`));
    const limit = limitNames.find((one) => key.endsWith(`.${one}`));
    if (use === undefined || limit === undefined || key !== `${use}.${limit}` || !/^[1-9]\d{0,8}$/.test(text))
      reader.problems.push(
        `${name} must be like posts.rate=500,streams.concurrency=20: concurrency, rate or cost of ` +
          `${requestUses.join(', ')}, from 1 to 999999999; "${key}=${text}" in it is not`,
      );
    else limits = { ...limits, [use]: { ...limits[use], [limit]: Number(text) } };
  }
  return limits;
}
