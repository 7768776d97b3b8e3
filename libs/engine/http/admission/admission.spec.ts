import { requestLimitsDefault } from '@fintech-ledger/config';
import type { RequestLimits, UseLimits } from '@fintech-ledger/config';
import { ApiProblem } from '../problems/api-problem';
import { Admission } from './admission';
import type { Admitted, Asked } from './admission';

const limits = (posts: Partial<UseLimits>, waits: Partial<UseLimits> = {}): RequestLimits => ({
  ...requestLimitsDefault,
  posts: { ...requestLimitsDefault.posts, ...posts },
  waits: { ...requestLimitsDefault.waits, ...waits },
});
const principal = (key: string, organization = 'org_1') => ({
  organizationId: organization,
  apiKeyId: key,
});
const post: Asked = { use: 'posts', cost: 1, isWait: false };

/** A clock that a test moves. */
function admission(organization: RequestLimits, keyPercent = 100) {
  const clock = { ms: 1_000 };
  return { clock, of: new Admission(organization, keyPercent, () => clock.ms) };
}
function admitted(answer: Admitted | ApiProblem): Admitted {
  if (answer instanceof ApiProblem) throw answer;
  return answer;
}
function refused(answer: Admitted | ApiProblem) {
  if (!(answer instanceof ApiProblem)) throw new Error('it was admitted');
  const { status, code, more } = answer;
  return { status, code, limit: more.members?.['limit'], headers: more.headers ?? {} };
}

describe('what an organization may do', () => {
  it('is bounded in requests that run at once; one that has ended makes room', () => {
    const { of } = admission(limits({ concurrency: 2 }));
    const [first] = [
      admitted(of.enter(principal('key_1'), post)),
      admitted(of.enter(principal('key_2'), post)),
    ];
    expect(refused(of.enter(principal('key_3'), post))).toEqual({
      status: 429,
      code: 'too_many_requests',
      limit: 'posts.concurrency',
      headers: {
        'Retry-After': '1',
        'RateLimit-Policy': '"posts.concurrency";q=2;qu="concurrent-requests"',
        RateLimit: '"posts.concurrency";r=0;t=1',
      },
    });
    admitted(of.enter(principal('key_1'), { ...post, use: 'queries' }));
    admitted(of.enter(principal('key_9', 'org_2'), post));
    first?.end();
    admitted(of.enter(principal('key_3'), post));
  });

  it('is bounded in requests in a second, with two seconds of them at once', () => {
    const { of, clock } = admission(limits({ rate: 10 }));
    for (let count = 0; count < 20; count += 1) admitted(of.enter(principal('key_1'), post)).end();
    const { limit, headers } = refused(of.enter(principal('key_1'), post));
    expect({ limit, retry: headers['Retry-After'] }).toEqual({ limit: 'key.posts.rate', retry: '1' });
    clock.ms += 1_000;
    for (let count = 0; count < 10; count += 1) admitted(of.enter(principal('key_1'), post)).end();
    refused(of.enter(principal('key_1'), post));
    // No more is saved up than two seconds' worth.
    clock.ms += 1_000_000;
    for (let count = 0; count < 20; count += 1) admitted(of.enter(principal('key_1'), post)).end();
    refused(of.enter(principal('key_1'), post));
  });

  it('is bounded in what its requests cost; what costs more than all is let in when nothing else was', () => {
    const { of, clock } = admission(limits({ cost: 100 }));
    admitted(of.enter(principal('key_1'), { ...post, cost: 10_000 })).end();
    const { limit, headers } = refused(of.enter(principal('key_1'), post));
    expect({ limit, retry: headers['Retry-After'] }).toEqual({ limit: 'key.posts.cost', retry: '1' });
    clock.ms += 1_000;
    expect(refused(of.enter(principal('key_1'), { ...post, cost: 10_000 })).limit).toBe('key.posts.cost');
    admitted(of.enter(principal('key_1'), { ...post, cost: 100 })).end();
  });

  it('is more than one of its keys may', () => {
    const { of } = admission(limits({ concurrency: 4 }), 75);
    for (let count = 0; count < 3; count += 1) admitted(of.enter(principal('key_1'), post));
    expect(refused(of.enter(principal('key_1'), post)).limit).toBe('key.posts.concurrency');
    admitted(of.enter(principal('key_2'), post));
    expect(refused(of.enter(principal('key_2'), post)).limit).toBe('posts.concurrency');
  });

  it('has a limit of its own for queries that wait for a position', () => {
    const { of } = admission(limits({}, { concurrency: 1 }));
    const query: Asked = { use: 'queries', cost: 1, isWait: true };
    const waiting = admitted(of.enter(principal('key_1'), query));
    expect(refused(of.enter(principal('key_1'), query)).limit).toBe('key.waits.concurrency');
    admitted(of.enter(principal('key_1'), { ...query, isWait: false }));
    waiting.end();
    admitted(of.enter(principal('key_1'), query));
  });

  it('is told with every answer: what is nearest to its end', () => {
    const { of, clock } = admission(limits({ concurrency: 100, rate: 10, cost: 1_000 }), 50);
    admitted(of.enter(principal('key_1'), post));
    clock.ms += 50;
    const { headers } = admitted(of.enter(principal('key_1'), post));
    expect(headers).toEqual({
      'RateLimit-Policy': '"key.posts.rate";q=10;w=2, "posts.rate";q=20;w=2',
      RateLimit: '"key.posts.rate";r=8;t=1, "posts.rate";r=18;t=1',
    });
  });

  it('is forgotten when there is nothing to remember', () => {
    const { of, clock } = admission(limits({}));
    const running = admitted(of.enter(principal('key_1'), post));
    admitted(of.enter(principal('key_2', 'org_2'), post)).end();
    clock.ms += 10_000;
    of.sweep();
    expect([...of.counted()].map(({ subject, use }) => `${subject} ${use}`)).toEqual([
      'key_1 posts',
      'org_1 posts',
    ]);
    running.end();
    of.sweep();
    expect([...of.counted()]).toEqual([]);
  });
});
