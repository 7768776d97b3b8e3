/** For the checks that run a million times, where Jest's `expect` would take minutes. @throws Error with `what` when it is not so */
export function insist(isSo: boolean, what: () => string): void {
  if (!isSo) throw new Error(`does not hold: ${what()}`);
}
