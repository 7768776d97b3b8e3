/** Whether it is a trial, see `WriterDependencies`. */
export interface Trying {
  readonly triedAfter?: number | undefined;
}

/** The revision that an answer names. No stream has what was tried: the answer stands for where the trial began. */
export function saidRevision({ triedAfter = Infinity }: Trying, revision: number): number {
  return Math.min(revision, triedAfter);
}
