// Who imports whom, and against which rule, as dependency-cruiser finds it: once for all that ask on the same files.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

/**
 * @param {string} root of the repository
 * @returns {{
 *   modules: { source: string, dependencies: { resolved: string }[] }[],
 *   summary: { violations: { rule: { name: string }, from: string, to: string }[] },
 * }}
 * @throws Error with what dependency-cruiser says
 */
export function cruise(root) {
  const cruiser = path.join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      cruiser,
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
      ...['--cache', '.cache/dependency-cruiser', '--cache-strategy', 'content'],
      ...['apps', 'libs'],
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 },
  );
  // Its status counts violations; which of them are known is not its to say.
  if (!stdout) throw new Error(`dependency-cruiser failed: ${stderr}`);
  return JSON.parse(stdout);
}
