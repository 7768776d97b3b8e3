import { Command } from 'commander';
import { auditCommand } from './commands/audit';
import { balanceCommand } from './commands/balance';
import { balancesCommand } from './commands/balances';
import { clockCommand } from './commands/clock';
import { exportCommand } from './commands/export';
import { importCommand } from './commands/import';
import { ledgersCommand } from './commands/ledgers';
import { parkedCommand } from './commands/parked';
import { paymentsCommand } from './commands/payments';
import { payoutsCommand } from './commands/payouts';
import { rebuildCommand } from './commands/rebuild';
import { listenCommand } from './commands/listen';
import { recoverCommand } from './commands/recover';
import { replayCommand } from './commands/replay';
import { sandboxesCommand } from './commands/sandboxes';
import { verifyCommand } from './commands/verify';
import { webhooksCommand } from './commands/webhooks';
import { readEnvironment } from './environment';

/** All commands of ledgerctl. */
export function ledgerctl(): Command {
  const program = new Command('ledgerctl')
    .description(
      'Imports, exports, verifies and recovers ledgers, rebuilds their read models, and makes payments and payouts.',
    )
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
    paymentsCommand,
    payoutsCommand,
    balanceCommand,
    webhooksCommand,
    listenCommand,
    clockCommand,
    auditCommand,
    replayCommand,
    rebuildCommand,
    parkedCommand,
  ]) {
    add(program, readEnvironment);
  }
  recoverCommand(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}
