import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const isWindows = process.platform === 'win32';

/** Lets something be installed to a folder once. What was interrupted is installed again. */
export function installOnce(folder: string, install: () => void): void {
  const isDone = path.join(folder, '.installed');
  if (existsSync(isDone)) return;
  mkdirSync(folder, { recursive: true });
  install();
  writeFileSync(isDone, '');
}

/** Runs a program; its standard output. @throws Error that has what it said, when it fails */
export function runTool(command: string, parameters: readonly string[], cwd?: string): string {
  const { status, error, stdout, stderr } = spawnSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    shell: isWindows && command === 'npm',
  });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? `${stdout}\n${stderr}`}`);
  return stdout;
}
