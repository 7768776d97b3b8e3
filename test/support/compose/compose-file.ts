import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../up-process';
import { interpolate } from './interpolate';

/** The parts of a service that the tests look at. */
export interface ComposeService {
  readonly image: string;
  /** Present: an app of ours, in the image that is built from the repository. */
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck: { readonly test: readonly string[]; readonly start_period: string };
  readonly stop_grace_period: string;
  readonly restart: string;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

/** Reads a compose file of the repository as Docker Compose does, with merges and variables. @throws VariableMissing */
export function readComposeFile(name: string, variables: Readonly<Record<string, string>>): ComposeFile {
  const text = readFileSync(path.join(repositoryRoot, name), 'utf8');
  return interpolated(parse(text, { merge: true }), variables) as ComposeFile;
}

function interpolated(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((item) => interpolated(item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, interpolated(item, variables)]),
  );
}

/** `30s`, `1m`. */
export function milliseconds(duration: string): number {
  const [, number, unit] = /^(\d+)(s|m)$/.exec(duration) ?? [];
  if (number === undefined) throw new Error(`"${duration}" is not a duration that the tests know`);
  return Number(number) * (unit === 'm' ? 60_000 : 1_000);
}
