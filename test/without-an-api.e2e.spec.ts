import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildStandalone } from './support/standalone-process';

const root = path.join(__dirname, '..');
jest.setTimeout(60_000);

beforeAll(() => buildStandalone());

/** The packages that a process has when it has loaded these files of what was built. */
function packagesOf(files: readonly string[]): readonly string[] {
  const script = `
    for (const file of ${JSON.stringify(files)}) require(file);
    const packages = Object.keys(require.cache).map((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(file)?.[1]);
    process.stdout.write(JSON.stringify([...new Set(packages)].filter(Boolean).sort()));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

it('is loaded without the framework of the API: what writers, relays and projectors have of modules', () => {
  const packages = packagesOf(['./dist/apps/modules.js', './dist/libs/platform/runtime/index.js']);
  expect(packages).toContain('pg');
  expect(
    packages.filter((name) => /^(@nestjs\/|@fastify\/middie|class-|validator$|reflect-)/.test(name)),
  ).toEqual([]);
});
