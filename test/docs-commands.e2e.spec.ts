import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runShellBlocks } from './support/docs/run-shell-blocks';
import { isAsShown, shellBlocks } from './support/docs/shell-blocks';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import type { StandaloneProcess } from './support/standalone-process';

jest.setTimeout(300_000);

const root = path.resolve(__dirname, '..');
const tutorials = readdirSync(path.join(root, 'docs', 'tutorials')).map((name) =>
  path.join('docs', 'tutorials', name),
);
const documents = ['README.md', ...tutorials].map((name) => ({
  name,
  blocks: shellBlocks(readFileSync(path.join(root, name), 'utf8')),
}));

describe('the shell blocks of a document', () => {
  it('are found with their answers, and with why they are not run', () => {
    const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\`\n`;
    const markdown = `# A\n\n${fenced('sh', 'one')}\n${fenced('json', '{"a":1}')}\n<!-- not run: too long -->\n\n${fenced('sh', 'two')}\nText.\n\n${fenced('json', '2')}`;
    expect(shellBlocks(markdown)).toEqual([
      { line: 3, text: 'one\n', answer: { a: 1 } },
      { line: 13, text: 'two\n', notRun: 'too long' },
    ]);
  });

  it('are compared with what is shown: … is anything, all else is exact', () => {
    expect(isAsShown({ id: 'led_1@3', n: [1] }, { id: 'led_…@3', n: [1] })).toBe(true);
    expect(isAsShown({ id: 'led_1@4' }, { id: 'led_…@3' })).toBe(false);
    expect(isAsShown({ id: 'x', more: 1 }, { id: 'x' })).toBe(false);
    expect(isAsShown({}, { id: '…' })).toBe(false);
  });

  it.each(documents.map(({ name, blocks }) => [name, blocks] as const))(
    'of %s are run, but for some',
    (_name, blocks) => {
      expect(blocks.filter(({ notRun }) => notRun === undefined).length).toBeGreaterThan(0);
    },
  );
});

describe.each(documents)('the commands of $name', ({ blocks }) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let work: Awaited<ReturnType<typeof temporaryFolder>>;
  let standalone: StandaloneProcess;

  beforeAll(async () => {
    buildStandalone();
    [folder, work] = await Promise.all([temporaryFolder(), temporaryFolder()]);
    standalone = await startStandaloneProcess({ dataFolder: folder.path });
  });
  afterAll(async () => {
    await standalone?.stop();
    await Promise.all([folder?.remove(), work?.remove()]);
  });

  it('do what the text says', async () => {
    const run = blocks.filter(({ notRun }) => notRun === undefined);
    const outputs = await runShellBlocks(run, {
      url: standalone.url,
      // The documents tell to take this one.
      apiKey: standalone.sandboxApiKey,
      folder: work.path,
    });
    const isProblem = (value: unknown): boolean => (value as { code?: unknown }).code !== undefined;
    const wrong = outputs.flatMap(({ block, output, values }) => {
      const isShown = block.answer === undefined || isAsShown(values.at(-1), block.answer);
      const refused = values.filter(isProblem).length;
      const expected = block.answer !== undefined && isProblem(block.answer) ? 1 : 0;
      return isShown && refused === expected ? [] : [`line ${block.line}:\n${block.text}\n${output}`];
    });
    expect(wrong).toEqual([]);
  });
});
