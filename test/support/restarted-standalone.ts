import { LedgerClient } from './ledger-client';
import { startStandaloneProcess } from './standalone-process';
import type { StandaloneOptions, StandaloneProcess } from './standalone-process';

/** The product as a test stops it and starts it again on the same data, and a client of its last start. */
export class RestartedStandalone {
  private process: StandaloneProcess | undefined;
  private connected: LedgerClient | undefined;

  constructor(private readonly options: () => StandaloneOptions) {}

  /** @throws Error it was never started */
  get client(): LedgerClient {
    if (this.connected === undefined) throw new Error('it was never started');
    return this.connected;
  }

  /** @throws Error it is not running */
  get url(): string {
    if (this.process === undefined) throw new Error('it is not running');
    return this.process.url;
  }

  /** @throws Error it is not running */
  get apiKey(): string {
    if (this.process === undefined) throw new Error('it is not running');
    return this.process.apiKey;
  }

  /** What it has logged since its last start. */
  log(): string {
    return this.process?.log() ?? '';
  }

  /** @returns its address */
  async start(): Promise<string> {
    this.process = await startStandaloneProcess(this.options());
    this.connected = new LedgerClient(this.process.url, this.process.apiKey);
    return this.process.url;
  }

  async stop(): Promise<void> {
    await this.connected?.close();
    await this.process?.stop();
    this.process = undefined;
  }
}
