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

  it('spells out a few reasons of many, and never hides one behind a check of the same name', async () => {
    const alarms = new Alarms();
    for (let n = 0; n < 40; n += 1) alarms.raise('writes', `${n}`, `Reason ${n}.`);
    const { checks } = await readiness({ needed: { writes: () => 'No store.' }, alarms });
    expect(checks['writes']).toBe('No store. Reason 0. Reason 1. Reason 2. Reason 3. And 36 more.');
  });
});
