import { configurationTable, recordReadings, undescribed } from './configuration.mjs';
import { withGenerated } from './generated-parts.mjs';
import { mermaid, packageImports, reduced } from './libraries.mjs';

class Reader {
  text(_name: string): string | undefined {
    return undefined;
  }
  integer(name: string, byDefault: number, _low: number, _high: number): number {
    return Number(this.text(name) ?? byDefault);
  }
  oneOf(name: string, _allowed: readonly string[], byDefault: string): string {
    return this.text(name) ?? byDefault;
  }
}

describe('the configuration', () => {
  const read = (): unknown => {
    const reader = new Reader();
    return [
      reader.text('HOST'),
      reader.integer('PORT', 8080, 0, 65_535),
      reader.oneOf('LEVEL', ['a', 'b'], 'b'),
    ];
  };

  it('is what the code asks for, with defaults and bounds', () => {
    const { text } = Reader.prototype;
    const readings = recordReadings(Reader, read);
    expect([...readings.keys()]).toEqual(['HOST', 'PORT', 'LEVEL']);
    expect(Reader.prototype.text).toBe(text);
    const described = (name: string, more = {}) => ({
      name,
      group: 'general' as const,
      meaning: `the ${name}`,
      ...more,
    });
    const variables = [
      described('HOST', { byDefault: 'here' }),
      described('PORT', { option: '--port' }),
      described('LEVEL'),
    ];
    expect(configurationTable(variables, readings).split('\n').slice(2)).toEqual([
      '| `HOST` | here |  | the HOST |',
      '| `PORT` | `8080` | 0 to 65,535 | the PORT (`--port`) |',
      '| `LEVEL` | `b` | `a`, `b` | the LEVEL |',
    ]);
  });

  it('has no variable that is not described, and describes none that is not read', () => {
    const readings = recordReadings(Reader, read);
    expect(undescribed([{ name: 'HOST' }, { name: 'PORT' }, { name: 'OLD' }], readings)).toEqual([
      'LEVEL is read and not described',
      'OLD is described and not read',
    ]);
  });
});

describe('a generated part', () => {
  it('replaces what stands in its place, and needs one', () => {
    const document = 'A\n<!-- generated: x -->\nold\n<!-- end -->\nB';
    expect(withGenerated(document, { x: 'new' })).toBe('A\n<!-- generated: x -->\n\nnew\n\n<!-- end -->\nB');
    expect(() => withGenerated(document, { x: '', y: '' })).toThrow('no place for y');
    expect(() => withGenerated(document, {})).toThrow('nothing is generated for the part "x"');
  });
});

describe('the picture of the libraries', () => {
  const module = (source: string, ...resolved: string[]) => ({
    source,
    dependencies: resolved.map((file) => ({ resolved: file })),
  });
  const imports = packageImports([
    module(
      'apps/api/src/a.ts',
      'libs/engine/journal/src/index.ts',
      'libs/ledger/src/index.ts',
      'node_modules/pg/index.js',
    ),
    module('libs/engine/journal/src/b.ts', 'libs/ledger/src/index.ts', 'libs/engine/journal/src/c.ts'),
    module('libs/ledger/src/d.spec.ts', 'libs/engine/journal/src/index.ts'),
  ]);

  it('has what imports what, by folder, without specs', () => {
    expect(imports).toEqual(
      new Map([
        ['apps/api', new Set(['libs/engine/journal', 'libs/ledger'])],
        ['libs/engine/journal', new Set(['libs/ledger'])],
      ]),
    );
  });

  it('leaves out what follows from others', () => {
    expect(reduced(imports).get('apps/api')).toEqual(new Set(['libs/engine/journal']));
    expect(mermaid(reduced(imports))).toContain('  libs_engine_journal --> libs_ledger');
    expect(mermaid(reduced(imports))).not.toContain('  apps_api --> libs_ledger');
  });
});
