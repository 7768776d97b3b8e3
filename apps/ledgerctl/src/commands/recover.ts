import type { Command } from 'commander';
import type { RecoverCommand } from './run-recovery';

/** `ledgerctl recover`: accepts an event store that is older than what was computed from it. */
export function recoverCommand(parent: Command): void {
  parent
    .command('recover')
    .description('accept an event store that is older than checkpoints and read models, and recompute these')
    .option('--ledger <id...>', 'only these ledgers')
    .option('--file <file>', 'where to write what the event store does not have; nothing is overwritten')
    .option('--data-dir <folder>', 'of the embedded database (DATA_DIR, default .data)')
    .option(
      '--empty-store',
      'also accept a store that does not say whose it is, though it did: all events are given up',
    )
    .option('--dry-run', 'only say what is different')
    .option('--yes', 'do it')
    .action(async (options: RecoverCommand) => {
      // Database, event store and Kafka are loaded for this command alone.
      const { runRecovery } = await import('./run-recovery.js');
      await runRecovery(options);
    });
}
