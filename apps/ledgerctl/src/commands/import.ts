import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { ImportSummary } from '@fintech-ledger/books/formats';
import type { ApiClient } from '../api-client';
import type { Environment } from '../environment';
import { Failure, problemFailure } from '../failure';
import { jsonLines } from '../json-lines';
import { withApi } from '../options';
import { ProgressLine } from '../progress-line';

interface ImportOptions {
  readonly ledger: string;
  readonly format?: 'csv' | 'ndjson';
  readonly columns?: string;
  readonly units?: string;
  readonly types?: string;
  readonly dateOrder?: string;
  readonly decimalMark?: string;
  readonly dryRun?: boolean;
}

/** `ledgerctl import <file|->`: sends a file to be booked, and shows how far it is. */
export function importCommand(parent: Command, environment: () => Environment): void {
  parent
    .command('import')
    .description('book what is in a file: an export of ours (NDJSON), or CSV with one posting a line')
    .argument('<file>', 'the file, or - for standard input')
    .requiredOption('--ledger <id>', 'the ledger to book it in')
    .option('--format <format>', 'csv or ndjson; told from the name of the file, or from --columns')
    .option('--columns <roles>', 'transaction=txnidx,date=date,account=account,amount=amount,unit=commodity')
    .option('--units <units>', 'what units are booked as: MRO=MRO.STOCK,$=AUD,TOK=TOK/18 (decimals)')
    .option('--types <types>', 'what first segments of accounts mean: Aktiva=asset,Passiva=liability')
    .option('--decimal-mark <mark>', '. or , where numbers do not say it')
    .option('--date-order <order>', 'ymd, dmy or mdy where dates do not say it')
    .option('--dry-run', 'check everything, write nothing')
    .action((file: string, options: ImportOptions, command: Command) =>
      withApi(command, environment, (api) => importFile(api, file, options)),
    );
}

async function importFile(api: ApiClient, file: string, options: ImportOptions): Promise<void> {
  const format = formatOf(file, options);
  const sent = new ProgressLine('sending');
  const { chunks, bytes } = await open(file);
  const body = Readable.from(counted(chunks, (done) => sent.show(done, bytes)));
  const answer = await api.stream(`/v1/ledgers/${encodeURIComponent(options.ledger)}/imports`, {
    method: 'POST',
    headers: {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      accept: 'application/x-ndjson',
    },
    query: {
      columns: options.columns,
      units: options.units,
      types: options.types,
      date_order: options.dateOrder,
      decimal_mark: options.decimalMark,
      dry_run: options.dryRun === true ? 'true' : undefined,
    },
    body,
  });
  const summary = await readAnswer(answer, sent);
  print(summary);
  if (summary.errors_total > 0) throw new Failure(`${summary.errors_total} errors`, 1);
}

interface ProgressMessage {
  readonly object: 'import_progress';
  readonly bytes_done: number;
  readonly bytes_total: number;
  readonly transactions: number;
}
interface ProblemMessage {
  readonly object?: undefined;
  readonly status: number;
}

async function readAnswer(answer: Readable, sent: ProgressLine): Promise<ImportSummary> {
  const booked = new ProgressLine('booking');
  try {
    for await (const message of jsonLines<ProgressMessage | ImportSummary | ProblemMessage>(answer)) {
      sent.end();
      if (message.object === 'import') return message;
      if (message.object === undefined) throw problemFailure(message.status, JSON.stringify(message));
      booked.show(message.bytes_done, message.bytes_total, `${message.transactions} transactions`);
    }
  } finally {
    sent.end();
    booked.end();
  }
  throw new Failure('The connection ended before the import did. Run it again: what was booked is skipped.');
}

function print(summary: ImportSummary): void {
  const { imported, skipped, refused } = summary.transactions;
  console.log(
    `${summary.dry_run === true ? 'would be ' : ''}imported ${imported}, skipped ${skipped}, refused ${refused} transactions; opened ${summary.accounts_opened} accounts; declared ${summary.units_declared.join(', ') || 'no units'}`,
  );
  for (const { line, column, code, detail } of summary.errors) {
    const where = [line === undefined ? '' : `line ${line}`, column === undefined ? '' : `column ${column}`];
    console.error(`${where.filter((part) => part !== '').join(', ') || 'file'}: ${detail} (${code})`);
  }
}

function formatOf(file: string, { format, columns }: ImportOptions): 'csv' | 'ndjson' {
  if (format === 'csv' || format === 'ndjson') return format;
  if (format !== undefined) throw new Failure(`--format is csv or ndjson, not '${format}'.`);
  if (columns !== undefined || /\.csv$/i.test(file)) return 'csv';
  if (/\.(nd)?jsonl?$/i.test(file)) return 'ndjson';
  throw new Failure('Say what the file is: --format csv or --format ndjson.');
}

async function open(file: string): Promise<{ chunks: AsyncIterable<Buffer>; bytes: number | undefined }> {
  if (file === '-') return { chunks: process.stdin, bytes: undefined };
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new Failure(`There is no file ${path.resolve(file)}.`);
  return { chunks: createReadStream(file, { highWaterMark: 262_144 }), bytes: found.size };
}

async function* counted(
  chunks: AsyncIterable<Buffer>,
  onBytes: (done: number) => void,
): AsyncGenerator<Buffer> {
  let done = 0;
  for await (const chunk of chunks) {
    done += chunk.length;
    onBytes(done);
    yield chunk;
  }
}
