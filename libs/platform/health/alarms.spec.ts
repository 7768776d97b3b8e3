import { Alarms, alarmsMax } from './alarms';

describe('Alarms', () => {
  it('keeps one for each check and subject, with the time it was first raised, until it is cleared', () => {
    let now = '2026-01-01T00:00:00.000Z';
    const alarms = new Alarms(() => now);
    expect(alarms.raise('streams', 'journal-led_1', 'lost its end')).toBe(true);
    now = '2026-01-02T00:00:00.000Z';
    expect(alarms.raise('streams', 'journal-led_1', 'is gone')).toBe(false);
    expect(alarms.raise('streams', 'journal-led_2', 'is gone')).toBe(true);
    expect(alarms.list()).toEqual([
      { check: 'streams', subject: 'journal-led_1', reason: 'is gone', since: '2026-01-01T00:00:00.000Z' },
      { check: 'streams', subject: 'journal-led_2', reason: 'is gone', since: '2026-01-02T00:00:00.000Z' },
    ]);
    expect(alarms.clear('streams', 'journal-led_1')).toBe(true);
    expect(alarms.clear('streams', 'journal-led_1')).toBe(false);
    expect(alarms.list().map(({ subject }) => subject)).toEqual(['journal-led_2']);
  });

  it('is bounded, whatever is raised', () => {
    const alarms = new Alarms();
    for (let n = 0; n < alarmsMax + 10; n += 1) alarms.raise('due_records', `journal-led_${n}`, 'late');
    expect(alarms.list()).toHaveLength(alarmsMax);
  });
});
