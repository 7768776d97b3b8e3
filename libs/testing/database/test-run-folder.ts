import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

// No other imports: Jest loads this for its global setup and teardown too, outside of the module mapping.
const prefix = 'fintech-ledger-tests-';
const folderOf = (pid: number): string => path.join(os.tmpdir(), `${prefix}${pid}`);

/** The folder that the workers of one test run share; it is named after the run's process. */
export function testRunFolder(): string {
  const ofRun = [process.pid, process.ppid].map(folderOf).find((folder) => existsSync(folder));
  if (ofRun !== undefined) return ofRun;
  // Not under Jest: this process is the run.
  createTestRunFolder();
  process.once('exit', removeTestRunFolder);
  return folderOf(process.pid);
}

/** Makes this process the run, and removes what runs that were killed have left behind. */
export function createTestRunFolder(): void {
  for (const name of readdirSync(os.tmpdir())) {
    const pid = Number(name.slice(prefix.length));
    if (name.startsWith(prefix) && pid > 0 && !isAlive(pid)) remove(path.join(os.tmpdir(), name));
  }
  mkdirSync(folderOf(process.pid), { recursive: true });
}

/** Stops the server of this run and removes its files. */
export function removeTestRunFolder(): void {
  remove(folderOf(process.pid));
}

function remove(folder: string): void {
  const data = path.join(folder, 'postgres', 'cluster', 'data');
  try {
    const pid = Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    if (pid > 0 && isServerOf(pid, folder)) process.kill(pid, 'SIGQUIT');
  } catch {
    // No server was started, or it has ended.
  }
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  } catch {
    // Another user's leftover.
  }
}

/** Whether the number still belongs to that server; without /proc it is trusted. */
function isServerOf(pid: number, folder: string): boolean {
  return process.platform !== 'linux' || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
