import { Alarms } from './alarms';
import { readiness } from './readiness';

describe('readiness', () => {
  it('is ok when what is needed is there and no alarm stands', async () => {
    const needed = { database: () => undefined };
    expect(await readiness({ needed, alarms: new Alarms() })).toEqual({
      status: 'ok',
      checks: { database: 'ok' },
    });
  });

  it('is degraded by an alarm, with its reason under the name of its check', async () => {
    const alarms = new Alarms();
    alarms.raise('streams', 'journal-led_1', 'journal-led_1 lost its end.');
    alarms.raise('streams', 'journal-led_2', 'journal-led_2 is gone.');
    expect(await readiness({ needed: { database: () => undefined }, alarms })).toEqual({
      status: 'degraded',
      checks: { database: 'ok', streams: 'journal-led_1 lost its end. journal-led_2 is gone.' },
    });
  });

  it('is unavailable when something needed is not there, however that is told', async () => {
    const needed = {
      start: () => 'It is still starting.',
      database: () => Promise.reject(new Error('connection refused')),
    };
    expect(await readiness({ needed, alarms: new Alarms() })).toEqual({
      status: 'unavailable',
      checks: { start: 'It is still starting.', database: 'connection refused' },
    });
  });

  it('is unavailable without writes only to who needs them', async () => {
    const alarms = new Alarms();
    const sources = { needed: {}, alarms };
    expect(await readiness(sources, 'writes')).toEqual({ status: 'ok', checks: { writes: 'ok' } });
    alarms.raise('streams', 'journal-led_1', 'journal-led_1 is gone.');
    expect((await readiness(sources, 'writes')).status).toBe('degraded');
    alarms.raise('writes', 'event store', 'The event store is unavailable.');
    expect((await readiness(sources)).status).toBe('degraded');
    expect(await readiness(sources, 'writes')).toMatchObject({
      status: 'unavailable',
      checks: { writes: 'The event store is unavailable.' },
    });
    alarms.clear('writes', 'event store');
    alarms.raise('clock', '', 'The clock jumped by 10 years.');
    expect((await readiness(sources, 'writes')).status).toBe('unavailable');
  });

  it('is unavailable when the store is not the one of this installation, degraded when that is so of one stream', async () => {
    const alarms = new Alarms();
    alarms.raise('store', 'journal-led_1', 'journal-led_1 is older than its checkpoint.');
    expect((await readiness({ needed: {}, alarms })).status).toBe('degraded');
    alarms.raise('store', '', 'This is the store of another installation.');
    expect((await readiness({ needed: {}, alarms })).status).toBe('unavailable');
  });

  it('looks before it tells', async () => {
    const alarms = new Alarms();
    const look = async (): Promise<void> => void alarms.raise('projections', 'accounts', 'accounts halted.');
    expect((await readiness({ needed: {}, alarms, look })).status).toBe('degraded');
  });

  it('spells out a few reasons of many, and never hides one behind a check of the same name', async () => {
    const alarms = new Alarms();
    for (let n = 0; n < 40; n += 1) alarms.raise('writes', `${n}`, `Reason ${n}.`);
    const { checks } = await readiness({ needed: { writes: () => 'No store.' }, alarms });
    expect(checks['writes']).toBe('No store. Reason 0. Reason 1. Reason 2. Reason 3. And 36 more.');
  });
});
