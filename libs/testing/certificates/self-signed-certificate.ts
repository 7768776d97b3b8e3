import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Certificate {
  readonly key: Buffer;
  readonly certificate: Buffer;
  /** The certificate's file in PEM; it is its own CA. */
  readonly file: string;
}

/**
 * A certificate that is valid for two days, made with openssl in a temporary folder.
 * @param names alternative names, as openssl writes them
 */
export function selfSignedCertificate(names = 'DNS:localhost,IP:127.0.0.1'): Certificate {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fintech-ledger-certificate-'));
  const [keyFile, file] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      ...kind,
      '-subj',
      '/CN=localhost',
      '-addext',
      `subjectAltName=${names}`,
      '-keyout',
      keyFile,
      '-out',
      file,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return { key: readFileSync(keyFile), certificate: readFileSync(file), file };
}
