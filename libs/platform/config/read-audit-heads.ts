import path from 'node:path';
import type { AuditHeadsConfig } from './config';
import type { EnvironmentReader } from './environment-reader';

/** Where signed tree heads are published, and how often. */
export function readAuditHeads(reader: EnvironmentReader): AuditHeadsConfig {
  const file = reader.text('AUDIT_HEADS_FILE');
  const [url, ledgerUrl] = [reader.absoluteUrl('AUDIT_HEADS_URL'), reader.baseUrl('AUDIT_HEADS_LEDGER_URL')];
  const urlToken = reader.secret('AUDIT_HEADS_URL_TOKEN', 1);
  const ledgerKey = reader.secret('AUDIT_HEADS_LEDGER_KEY', 1);
  if (urlToken !== undefined && url === undefined)
    reader.problems.push('AUDIT_HEADS_URL_TOKEN must come with AUDIT_HEADS_URL');
  if ((ledgerUrl === undefined) !== (ledgerKey === undefined))
    reader.problems.push('AUDIT_HEADS_LEDGER_URL and AUDIT_HEADS_LEDGER_KEY must come together');
  if (ledgerUrl !== undefined && !/\/v1\/ledgers\/led_[A-Za-z0-9]+$/.test(ledgerUrl))
    reader.problems.push(
      'AUDIT_HEADS_LEDGER_URL must be the URL of a ledger, like https://host/v1/ledgers/led_1',
    );
  return {
    everySeconds: reader.integer('AUDIT_HEADS_SECONDS', 3_600, 1, 604_800),
    file: file === undefined ? undefined : path.resolve(file),
    url,
    urlToken,
    ledgerUrl,
    ledgerKey,
  };
}
