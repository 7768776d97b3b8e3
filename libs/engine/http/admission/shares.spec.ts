import { requestLimitsDefault } from '@fintech-ledger/config';
import type { RequestLimits } from '@fintech-ledger/config';
import { ApiProblem } from '../problems/api-problem';
import { Admission } from './admission';
import { renewMs, shareOf, ShareKeeper } from './shares';
import type { Demands, ShareExchange } from './shares';

/** What processes tell one another, without a database. */
class MemoryExchange {
  readonly told = new Map<number, Demands>();
  asked = 0;
  isBroken = false;

  of(process: number): ShareExchange {
    return {
      exchange: (demands) => {
        this.asked += 1;
        if (this.isBroken) return Promise.reject(new Error('unavailable'));
        this.told.set(process, demands);
        return Promise.resolve([...this.told].filter(([other]) => other !== process).map(([, told]) => told));
      },
    };
  }
}

const organization: RequestLimits = {
  ...requestLimitsDefault,
  posts: { concurrency: 1_000, rate: 100, cost: 1_000_000 },
};

function installation(processes: number) {
  const clock = { ms: 0 };
  const exchange = new MemoryExchange();
  const all = Array.from({ length: processes }, (_, index) => {
    const admission = new Admission(organization, 100, () => clock.ms);
    return { admission, keeper: new ShareKeeper(admission, exchange.of(index), () => clock.ms) };
  });
  /** A second, in which each process is asked so often; how many requests were let in by each. */
  async function second(asked: readonly number[]): Promise<readonly number[]> {
    const letIn = all.map(() => 0);
    const steps = 20;
    for (let step = 0; step < steps; step += 1) {
      clock.ms += renewMs / steps;
      for (const [index, { admission }] of all.entries()) {
        const perSecond = asked[index] ?? 0;
        const until = Math.floor(((step + 1) * perSecond) / steps);
        for (let count = Math.floor((step * perSecond) / steps); count < until; count += 1) {
          const answer = admission.enter(
            { organizationId: 'org_1', apiKeyId: `key_${index}` },
            { use: 'posts', cost: 1, isWait: false },
          );
          if (answer instanceof ApiProblem) continue;
          answer.end();
          letIn[index] = (letIn[index] ?? 0) + 1;
        }
      }
    }
    for (const { keeper } of all) await keeper.renew().catch(() => undefined);
    return letIn;
  }
  return { exchange, second };
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

describe('the share of a process', () => {
  it('is as what it was asked for is to all', () => {
    expect(shareOf(5, [])).toBe(1);
    expect(shareOf(1, [1])).toBe(0.5);
    expect(shareOf(3, [1])).toBe(0.75);
    expect(shareOf(0, [1, 1])).toBeCloseTo(0.2 / 3);
  });

  it('keeps all processes together within the limit of an organization', async () => {
    const { second } = installation(3);
    for (let count = 0; count < 5; count += 1) await second([400, 400, 400]);
    for (let count = 0; count < 5; count += 1) {
      const letIn = await second([400, 400, 400]);
      expect(sum(letIn)).toBeLessThanOrEqual(110);
      expect(Math.min(...letIn)).toBeGreaterThanOrEqual(25);
    }
  });

  it('goes where the requests are', async () => {
    const { second } = installation(2);
    for (let count = 0; count < 5; count += 1) await second([400, 400]);
    for (let count = 0; count < 5; count += 1) await second([400, 0]);
    const [most = 0] = await second([400, 0]);
    expect(most).toBeGreaterThanOrEqual(80);
  });

  it('costs nothing while nobody comes near a limit', async () => {
    const { second, exchange } = installation(2);
    for (let count = 0; count < 5; count += 1) expect(sum(await second([5, 5]))).toBeGreaterThanOrEqual(10);
    expect(exchange.asked).toBe(0);
  });

  it('goes on as it was while it can not be renewed', async () => {
    const { second, exchange } = installation(2);
    for (let count = 0; count < 5; count += 1) await second([400, 400]);
    exchange.isBroken = true;
    for (let count = 0; count < 3; count += 1) expect(sum(await second([400, 400]))).toBeLessThanOrEqual(110);
  });
});
