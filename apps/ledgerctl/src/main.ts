import { CommanderError } from 'commander';
import { Failure } from './failure';
import { ledgerctl } from './program';

/** Exit codes: 0 done · 1 it was tried, and something did not hold · 2 it could not be tried. */
async function main(parameters: readonly string[]): Promise<number> {
  try {
    await ledgerctl().parseAsync(parameters);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Failure)) throw error;
    console.error(`ledgerctl: ${error.message}`);
    return error.exitCode;
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Anyone who read the output has enough of it: `ledgerctl export | head`.
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
void main(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
});
