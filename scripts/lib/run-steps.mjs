/**
 * Runs steps, so many at a time, all of them even when one fails. Shows a line for each, and the output of those that fail.
 * @param {readonly string[]} steps
 * @param {number} atOnce
 * @param {(step: string) => Promise<{ isGood: boolean, output: string }>} run
 * @param {(text: string) => void} show
 * @returns {Promise<string[]>} the steps that failed
 */
export async function runSteps(steps, atOnce, run, show) {
  const waiting = [...steps];
  /** @type {string[]} */
  const failed = [];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const startedAt = performance.now();
      const { isGood, output } = await run(step);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      if (!isGood) failed.push(step);
      show(
        `${isGood ? 'ok    ' : 'FAILED'} ${step} (${seconds} s)\n${isGood ? '' : `${output.trimEnd()}\n\n`}`,
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failed.length > 0) show(`${failed.length} of ${steps.length} failed: ${failed.join(', ')}\n`);
  return failed;
}
