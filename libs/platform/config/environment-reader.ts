import { cidrProblem } from './cidr-problem';

/** Reads single variables and collects what is wrong with them, so that all of it is told at once. */
export class EnvironmentReader {
  readonly problems: string[] = [];
  /** What works and should be changed. */
  readonly warnings: string[] = [];

  constructor(private readonly environment: Readonly<Record<string, string | undefined>>) {}

  text(name: string): string | undefined {
    const value = this.environment[name]?.trim();
    return value === '' ? undefined : value;
  }

  /** A variable that had another name until the last release. */
  renamed(name: string, oldName: string): string {
    const [text, old] = [this.text(name), this.text(oldName)];
    if (old === undefined) return name;
    if (text !== undefined && text !== old) {
      this.problems.push(`${name} and ${oldName}, its old name, differ: remove ${oldName}`);
    } else {
      this.warnings.push(
        `${oldName} is called ${name} now: the old name works in this release and not in the next`,
      );
    }
    return text === undefined ? oldName : name;
  }

  integer(name: string, byDefault: number, low: number, high: number): number {
    const text = this.text(name);
    if (text === undefined) return byDefault;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    this.problems.push(`${name} must be a whole number from ${low} to ${high}, it is "${text}"`);
    return byDefault;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], byDefault: T): T {
    const text = this.text(name);
    if (text === undefined) return byDefault;
    const found = allowed.find((candidate) => candidate === text);
    if (found === undefined)
      this.problems.push(`${name} must be one of ${allowed.join(', ')}, it is "${text}"`);
    return found ?? byDefault;
  }

  /** `host:port`, separated by commas. */
  addresses(name: string): readonly string[] {
    const text = this.text(name);
    if (text === undefined) return [];
    const addresses = text.split(',').map((address) => address.trim());
    if (addresses.every((address) => /^[^\s:/]+:\d{1,5}$/.test(address))) return addresses;
    this.problems.push(
      `${name} must be like kafka-1:9092,kafka-2:9092 (no protocol before it), it is "${text}"`,
    );
    return [];
  }

  /** Ranges of addresses, separated by commas. */
  cidrs(name: string): readonly string[] {
    const ranges = (this.text(name)?.split(',') ?? []).map((range) => range.trim());
    for (const range of ranges) {
      const problem = cidrProblem(range);
      if (problem !== undefined)
        this.problems.push(`${name} must be like 10.1.0.0/16,fd00:1::/32: ${problem}`);
    }
    return ranges;
  }

  /** Without a path. */
  httpUrl(name: string): string | undefined {
    const text = this.text(name);
    if (text !== undefined && !/^https?:\/\/[^\s/]+$/.test(text)) {
      this.problems.push(`${name} must be a URL like http://host:7070, it is "${text}"`);
    } else if (text !== undefined && /^https?:\/\/(0\.0\.0\.0|\[::\])(:|$)/.test(text)) {
      this.problems.push(`${name} must name a host that others can reach, it is "${text}"`);
    }
    return text;
  }

  /** With or without a path, and without a slash at its end. */
  baseUrl(name: string): string | undefined {
    const text = this.absoluteUrl(name);
    return text?.endsWith('/') === true ? text.slice(0, -1) : text;
  }

  /** With or without a path. It may hold a password, so its value never appears in a problem. */
  absoluteUrl(name: string): string | undefined {
    const text = this.text(name);
    if (text !== undefined && !(/^https?:\/\//.test(text) && URL.canParse(text)))
      this.problems.push(`${name} must be a URL like http://collector:4318`);
    return text;
  }

  /** From 0 to 1. */
  ratio(name: string, byDefault: number): number {
    const text = this.text(name);
    if (text === undefined) return byDefault;
    const value = /^\d{0,3}(\.\d{1,12})?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 0 && value <= 1) return value;
    this.problems.push(`${name} must be a number from 0 to 1, it is "${text}"`);
    return byDefault;
  }

  /** `key=value`, separated by commas; values are percent-encoded where they hold other than letters and digits. */
  keyValues(name: string): Readonly<Record<string, string>> {
    const entries: [string, string][] = [];
    for (const pair of this.text(name)?.split(',') ?? []) {
      const at = pair.indexOf('=');
      const key = pair.slice(0, Math.max(at, 0)).trim();
      try {
        if (key === '' || /\s/.test(key)) throw new URIError();
        entries.push([key, decodeURIComponent(pair.slice(at + 1).trim())]);
      } catch {
        this.problems.push(`${name} must be like team=books,zone=eu%2D1, "${pair.trim()}" in it is not`);
      }
    }
    return Object.fromEntries(entries);
  }

  /** Its value never appears in a problem. */
  secret(name: string, charactersMin: number): string | undefined {
    const text = this.text(name);
    if (text !== undefined && text.length < charactersMin) {
      this.problems.push(`${name} must have at least ${charactersMin} characters, it has ${text.length}`);
    }
    return text;
  }

  /** Of what kind it is; the adapter says what is wrong inside it. Its value never appears in a problem. */
  eventStoreUrl(name: string): string | undefined {
    const text = this.text(name);
    if (text !== undefined && !/^(esdb|kurrentdb)(\+discover)?:\/\/\S+$/.test(text)) {
      this.problems.push(
        `${name} must be a connection string like esdb://user:password@host:2113 or esdb+discover://cluster.example`,
      );
    }
    return text;
  }

  /** Empty for `none`. */
  streamPrefix(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined || /^fl_[a-z2-7]{8}-$/.test(text)) return text;
    if (text === 'none') return '';
    this.problems.push(
      `${name} must be none, or fl_, eight of the letters a to z and digits 2 to 7, and a dash, it is "${text}"`,
    );
    return undefined;
  }

  /** May hold a password, so its value never appears in a problem. */
  postgresUrl(name: string): string | undefined {
    const text = this.text(name);
    if (text !== undefined && !/^postgres(ql)?:\/\/\S+$/.test(text)) {
      this.problems.push(`${name} must be a URL like postgresql://user:password@host:5432/database`);
    }
    return text;
  }
}
