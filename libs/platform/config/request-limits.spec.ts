import { readFileSync } from 'node:fs';
import path from 'node:path';
import { requestLimitsDefault, requestUses } from './request-limits';

describe('docs/reference/limits.md', () => {
  const text = readFileSync(path.resolve(__dirname, '../../../docs/reference/limits.md'), 'utf8');

  it.each(requestUses)('has the limits of %s', (use) => {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${use}\``)) ?? '';
    const numbers = row
      .split('|')
      .slice(3, 6)
      .map((cell) => Number(cell.trim().replaceAll(',', '')));
    const { concurrency, rate, cost } = requestLimitsDefault[use];
    expect(numbers).toEqual([concurrency, rate, cost]);
  });
});
