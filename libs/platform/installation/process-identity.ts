import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Names a process so that a later one with the same number is told from it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: the boot and the tick in it at which the process started. Empty elsewhere. */
  readonly startedAt: string;
}

export function identify(pid: number): ProcessIdentity {
  return { pid, startedAt: startTime(pid) };
}

/** Whether that very process still runs. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return startTime(pid) === startedAt;
}

function startTime(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // Field 22 of proc(5)'s stat; field 2 is in parentheses and may itself hold spaces and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? 'ended' : `${boot} ${fields[19] ?? ''}`;
  } catch {
    return '';
  }
}
