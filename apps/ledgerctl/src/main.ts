import { Command, CommanderError } from 'commander';
import { balancesCommand } from './commands/balances';
import { clockCommand } from './commands/clock';
import { exportCommand } from './commands/export';
import { importCommand } from './commands/import';
import { ledgersCommand } from './commands/ledgers';
import { recoverCommand } from './commands/recover';
import { sandboxesCommand } from './commands/sandboxes';
import { verifyCommand } from './commands/verify';
import { readEnvironment } from './environment';
import { Failure } from './failure';

/** Exit codes: 0 done · 1 it was tried, and something did not hold · 2 it could not be tried. */
async function main(parameters: readonly string[]): Promise<number> {
  const program = new Command('ledgerctl')
    .description('Imports, exports, verifies and recovers ledgers.')
    .option('--url <url>', 'the server (LEDGER_URL; default http://127.0.0.1:8080)')
    .option('--api-key <key>', 'an API key (LEDGER_API_KEY; default: that of the data folder)')
    .exitOverride();
  for (const add of [
    importCommand,
    exportCommand,
    verifyCommand,
    ledgersCommand,
    balancesCommand,
    sandboxesCommand,
    clockCommand,
  ]) {
    add(program, readEnvironment);
  }
  recoverCommand(program);
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync(parameters);
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
