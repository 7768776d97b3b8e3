import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Option } from 'commander';
import type { Command } from 'commander';
import { exportFormats } from '@fintech-ledger/books/formats';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { Failure } from '../failure';
import { withApi } from '../options';
import { ProgressLine } from '../progress-line';

interface ExportOptions {
  readonly ledger: string;
  readonly format: string;
  readonly output?: string;
}

/** `ledgerctl export`: writes a ledger to a file or to standard output. */
export function exportCommand(parent: Command, environment: () => Environment): void {
  parent
    .command('export')
    .description('write a ledger as NDJSON (all of it), CSV, or a journal of hledger or beancount')
    .requiredOption('--ledger <id>', 'the ledger')
    .addOption(new Option('--format <format>').choices(Object.keys(exportFormats)).default('ndjson'))
    .option('-o, --output <file>', 'a file instead of standard output; it appears when it is complete')
    .action((options: ExportOptions, command: Command) =>
      withApi(command, environment, (api) => exportLedger(api, options)),
    );
}

async function exportLedger(api: ApiClient, { ledger, format, output }: ExportOptions): Promise<void> {
  const path = `/v1/ledgers/${encodeURIComponent(ledger)}/export`;
  const body = await api.stream(path, { query: { format } });
  const progress = new ProgressLine('exporting');
  const counted = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let done = 0;
    for await (const chunk of chunks) {
      done += chunk.length;
      progress.show(done, undefined);
      yield chunk;
    }
  };
  try {
    if (output === undefined) {
      await pipeline(body, counted, process.stdout, { end: false });
      return;
    }
    const partial = `${output}.partial`;
    await pipeline(body, counted, createWriteStream(partial)).catch(async (error: unknown) => {
      await rm(partial, { force: true });
      throw error;
    });
    await rename(partial, output);
  } catch (error) {
    throw new Failure(`The export did not complete: ${(error as Error).message}`, 1);
  } finally {
    progress.end();
  }
}
