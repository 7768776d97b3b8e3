import { alarmChecks } from '@fintech-ledger/health';
import { instruments, renderPrometheus } from '@fintech-ledger/telemetry';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

interface Alerts {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

const read = (file: string): string => readFileSync(path.resolve(__dirname, '..', file), 'utf8');
const rules = (parse(read('infra/prometheus/alerts.yml')) as Alerts).groups.flatMap((group) => group.rules);
const guide = read('docs/how-to/watch-health-and-logs.md');

describe('the alerts', () => {
  it.each(alarmChecks)('have one for alarms of %s, which the guide names', (check) => {
    const of = rules.filter(({ expr }) => expr.includes(`ledger_alarms{check="${check}"}`));
    expect(of).toHaveLength(1);
    const line = guide.split('\n').find((text) => text.startsWith(`| \`${check}\` `));
    expect(line).toContain(`\`${of[0]?.alert ?? ''}\``);
  });

  it('look at metrics that there are', async () => {
    for (const instrument of Object.values(instruments)) {
      if ('add' in instrument) instrument.add(1, {});
      else instrument.record(1, {});
    }
    const text = await renderPrometheus();
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
    for (const { alert, expr } of rules) {
      const names = [...expr.matchAll(/\b(?:ledger|http_server)_[a-z_]+/g)].map(([name]) => name);
      for (const name of names) {
        const family = name.replace(/_(?:bucket|count|sum)$/, '');
        expect([alert, name, known.has(name) || known.has(family)]).toEqual([alert, name, true]);
      }
    }
  });

  it('count what began with a series of its own, and what was counted before a restart', () => {
    const counting = rules.filter(({ expr }) => /\bincrease\(|\boffset\b/u.test(expr));
    expect(counting.length).toBeGreaterThan(8);
    for (const { alert, expr } of counting) {
      const [, counter = '', time = ''] = /increase\(([^[]+)\[(\w+)\]\)/u.exec(expr) ?? [];
      const counted = `(${counter} unless ${counter} offset ${time} or increase(${counter}[${time}]))`;
      expect([alert, expr]).toEqual([alert, expect.stringContaining(counted)]);
    }
  });
});
