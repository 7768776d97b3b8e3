import { Alarms } from './alarms';
import { watch } from './watch';

describe('watch', () => {
  it('raises what is found when somebody looks, and clears it when it has ended', async () => {
    const alarms = new Alarms();
    let reason: string | undefined = 'The event store is unavailable.';
    let asked = 0;
    const look = watch(alarms, [
      {
        check: 'writes',
        subject: 'event store',
        async ask() {
          asked += 1;
          return reason;
        },
      },
      { check: 'database', subject: 'leases', ask: () => Promise.reject(new Error('connection refused')) },
    ]);
    expect(alarms.list()).toEqual([]);
    await Promise.all([look(), look(), look()]);
    expect(asked).toBe(1);
    expect(alarms.list().map((alarm) => [alarm.check, alarm.reason])).toEqual(
      expect.arrayContaining([
        ['writes', 'The event store is unavailable.'],
        ['database', 'connection refused'],
      ]),
    );
    reason = undefined;
    await look();
    expect(alarms.list().map(({ check }) => check)).toEqual(['database']);
  });
});
