import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EventStoreUrlInvalid } from './event-store-url';
import type { EventStoreUrl } from './event-store-url';

/** What a connection by TLS needs, where the connection string names it. @throws EventStoreUrlInvalid a file can't be read, or is none */
export function tlsFiles({ tlsCaFile, userCertFile, userKeyFile }: EventStoreUrl): {
  readonly ca: Buffer | undefined;
  readonly certificate: Buffer | undefined;
  readonly key: Buffer | undefined;
} {
  return {
    ca: pem('tlsCAFile', tlsCaFile),
    certificate: pem('userCertFile', userCertFile),
    key: pem('userKeyFile', userKeyFile),
  };
}

function pem(option: string, file: string | undefined): Buffer | undefined {
  if (file === undefined) return undefined;
  let content: Buffer;
  try {
    content = readFileSync(path.resolve(file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new EventStoreUrlInvalid(`the file of ${option}, ${path.resolve(file)}, can't be read (${code})`);
  }
  if (!content.includes('-----BEGIN ')) {
    throw new EventStoreUrlInvalid(`the file of ${option}, ${path.resolve(file)}, is not in PEM`);
  }
  return content;
}
