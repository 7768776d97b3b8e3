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

  it('count what began with a series of its own, what was counted before a restart, and nothing again after a gap', () => {
    const selector = String.raw`\w+(?:\{[^}]*\})?`;
    // Where a counter was not scraped for a while, one moment before says nothing of it.
    const counted = new RegExp(
      String.raw`\((${selector}) unless last_over_time\(\1\[1d\] offset (\w+)\) or increase\(\1\[\2\]\)\)`,
      'gu',
    );
    const rated = new RegExp(String.raw`\brate\(${selector}\[\w+\]\)`, 'gu');
    expect(rules.filter(({ expr }) => expr.match(counted) !== null).length).toBeGreaterThan(8);
    for (const { alert, expr } of rules) {
      const others = expr.replaceAll(counted, '').replaceAll(rated, '');
      expect([alert, others]).toEqual([
        alert,
        expect.not.stringMatching(/_total\b|_count\b|_bucket\b|_sum\b|\b(?:offset|increase|_over_time)\b/u),
      ]);
    }
  });
});
