import { Alarms } from '@fintech-ledger/health';
import { startHealthServer } from './health-server';
import type { HealthServer } from './health-server';

describe('the health server of a process', () => {
  const alarms = new Alarms();
  let server: HealthServer;
  let reason: string | undefined;

  beforeAll(async () => {
    server = await startHealthServer('127.0.0.1', 0, alarms);
  });
  afterAll(() => server.close());

  const ask = async (path: string) => {
    const answer = await fetch(`${server.url}${path}`);
    return { status: answer.status, body: (await answer.json()) as object };
  };

  it('is unavailable while the process starts, and lives', async () => {
    expect(await ask('/health/ready')).toEqual({
      status: 503,
      body: { status: 'unavailable', checks: { process: 'It is still starting.' } },
    });
    expect((await ask('/health/live')).status).toBe(200);
  });

  it('is ok, degraded with a reason for each check, or unavailable', async () => {
    let looked = 0;
    server.started({ checks: { event_store: () => reason }, look: async () => void (looked += 1) });
    expect(await ask('/health/ready')).toEqual({
      status: 200,
      body: { status: 'ok', checks: { event_store: 'ok' } },
    });
    alarms.raise('writes', 'event store', 'The event store is unavailable.');
    expect(await ask('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { writes: 'The event store is unavailable.' } },
    });
    expect((await ask('/health/ready?require=writes')).status).toBe(503);
    expect((await ask('/health/ready?require=reads')).status).toBe(400);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('ledger_alarms{check="writes"} 1');
    expect(looked).toBe(4);
    alarms.clear('writes', 'event store');
    reason = 'The event store is unavailable.';
    expect((await ask('/health/ready')).status).toBe(503);
    reason = undefined;
    expect((await ask('/health/ready')).status).toBe(200);
  });

  it('is unavailable from the moment on that the process is asked to stop', async () => {
    server.stopping();
    expect(await ask('/health/ready')).toMatchObject({
      status: 503,
      body: { checks: { process: 'It is stopping.' } },
    });
  });
});
