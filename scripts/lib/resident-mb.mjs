import { readFile } from 'node:fs/promises';

/**
 * The resident memory of a process, MB; 0 when it has ended. Linux only.
 * @param {number} pid
 */
export async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
}
