import { ConfigInvalid } from '@fintech-ledger/config';
import type { Config } from '@fintech-ledger/config';
import { dnsResolver, OutboundClient, OutboundGuard, rememberNames } from '@fintech-ledger/outbound';
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { postgresAuditKeys } from '../keys/audit-keys';
import { fileTarget } from './file-target';
import { HeadPublisher } from './head-publisher';
import type { HeadPublisherOptions } from './head-publisher';
import type { HeadTarget } from './head-target';
import { ledgerTarget, urlTarget } from './http-targets';

interface Options extends Pick<HeadPublisherOptions, 'db' | 'log' | 'pollMs'> {
  readonly config: Pick<Config, 'auditHeads' | 'webhookAllowedCidrs'>;
  readonly pepper: string;
}

/**
 * Publishes heads to where the configuration says, over the network only to where the operator's ranges let it.
 * @throws ConfigInvalid the file can't be made
 */
export function openHeadPublisher({ config, pepper, ...options }: Options): HeadPublisher {
  const { everySeconds, file, url, urlToken, ledgerUrl, ledgerKey } = config.auditHeads;
  const guard = new OutboundGuard(config.webhookAllowedCidrs, rememberNames(dnsResolver()));
  const client = new OutboundClient(guard);
  const targets: HeadTarget[] = [];
  if (file !== undefined) {
    const folder = path.dirname(file);
    // Else nobody would know before the alarm, two rounds later.
    if (!existsSync(folder))
      throw new ConfigInvalid([`AUDIT_HEADS_FILE must be in a folder that exists: there is no ${folder}`]);
    assertWritable(file);
    targets.push(fileTarget(file));
  }
  if (url !== undefined) targets.push(urlTarget(client, url, urlToken));
  if (ledgerUrl !== undefined && ledgerKey !== undefined)
    targets.push(ledgerTarget(client, ledgerUrl, ledgerKey));
  const keys = postgresAuditKeys(options.db, pepper);
  return new HeadPublisher({ ...options, keys, targets, everySeconds, close: () => client.close() });
}

/** It is made where it is not there. @throws ConfigInvalid */
function assertWritable(file: string): void {
  try {
    closeSync(openSync(file, 'a+', 0o600));
  } catch (error) {
    throw new ConfigInvalid([
      `AUDIT_HEADS_FILE must be a file that can be written (${(error as Error).message})`,
    ]);
  }
}
