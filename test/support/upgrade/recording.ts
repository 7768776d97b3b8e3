import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

const fixtures = path.resolve(__dirname, '../../fixtures/upgrade');

/** One command that was sent to an earlier version under an idempotency key, and what that version answered. */
export interface Exchange {
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly type: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

export interface RecordedLedger {
  readonly events: readonly RecordedEventView[];
  readonly accounts: readonly { readonly address: string; readonly version: number }[];
  readonly trial: { readonly totals: readonly object[] };
}

export interface RecordedEventView {
  readonly id: string;
  readonly type: string;
  readonly revision: number;
  readonly data: object;
  readonly metadata: { readonly hash: string };
}

/** What scripts/record-upgrade-fixture.mjs wrote of an installation of an earlier version. */
export interface Recording {
  readonly apiKey: string;
  readonly pepper?: string;
  readonly keys: { readonly reader: string; readonly revoked: string };
  readonly ledger: string;
  readonly second: string;
  readonly secondHold: string;
  readonly holds: {
    readonly open: string;
    readonly toVoid: string;
    readonly partly: string;
    readonly captured: string;
    readonly voided: string;
    readonly farEnd: string;
    readonly ended: readonly string[];
    readonly inTail: readonly string[];
  };
  readonly csvImport: { readonly type: string; readonly query: string; readonly body: string };
  readonly exchanges: readonly Exchange[];
  readonly observed: Readonly<Record<string, RecordedLedger>>;
}

export type RecordedMode = 'embedded' | 'distributed';

/** The versions that were recorded, the oldest first. */
export function recordedVersions(): readonly string[] {
  return readdirSync(fixtures).sort();
}

/** Unpacks a copy of the data folder that an earlier version left. */
export function unpackRecording(
  version: string,
  mode: RecordedMode,
): { readonly folder: string; readonly recording: Recording; remove(): void } {
  const file = path.join(fixtures, version, mode);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fintech-ledger-upgrade-'));
  const { status, stderr } = spawnSync('tar', ['-xzf', `${file}.tar.gz`, '--no-same-owner', '-C', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  const recording = JSON.parse(gunzipSync(readFileSync(`${file}.json.gz`)).toString('utf8')) as Recording;
  return {
    folder,
    recording,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }),
  };
}
