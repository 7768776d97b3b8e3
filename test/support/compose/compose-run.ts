import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { milliseconds } from './compose-file';
import type { ComposeFile, ComposeService } from './compose-file';
import type { Image } from './image';

export interface ComposeRunOptions {
  readonly file: ComposeFile;
  readonly image: Image;
  /** The working folder of the image. */
  readonly workingFolder: string;
  /** Services that run already, as something that stands for them. */
  readonly provided: readonly string[];
  /** What a variable is in place of what the file gives to a service. */
  readonly environmentOf: (
    service: string,
    given: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string>>;
}

export interface StoppedService {
  readonly name: string;
  /** `null`: it had to be killed after its `stop_grace_period`. */
  readonly exitCode: number | null;
}

interface Container {
  readonly name: string;
  readonly service: ComposeService;
  readonly environment: Readonly<Record<string, string>>;
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  log: string;
}

/** Runs the apps of a compose file as `docker compose up --wait` does, as processes of this machine: their commands, their environment, their health checks. */
export class ComposeRun {
  private readonly containers: Container[] = [];
  private readonly healthy = new Map<string, Promise<void>>();

  constructor(private readonly options: ComposeRunOptions) {
    for (const name of options.provided) this.healthy.set(name, Promise.resolve());
  }

  /** Starts every service once those that it depends on are healthy; resolves when all are. */
  async up(): Promise<void> {
    await Promise.all(Object.keys(this.options.file.services).map((name) => this.start(name)));
  }

  /** What a running service has in its environment. */
  environment(name: string): Readonly<Record<string, string>> {
    const found = this.containers.find((container) => container.name === name);
    if (found === undefined) throw new Error(`${name} does not run`);
    return found.environment;
  }

  /** The output of all that ran. */
  log(): string {
    return this.containers.map(({ name, log }) => `${name}: ${log}`).join('\n');
  }

  /** SIGTERM, those first that others don't depend on, each with its `stop_grace_period`. */
  async down(): Promise<readonly StoppedService[]> {
    const stopped: StoppedService[] = [];
    for (const { name, service, child, ended } of this.containers.splice(0).reverse()) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds(service.stop_grace_period));
      await ended;
      clearTimeout(timer);
      stopped.push({ name, exitCode: child.exitCode });
    }
    return stopped;
  }

  private start(name: string): Promise<void> {
    const known = this.healthy.get(name);
    if (known !== undefined) return known;
    const service = this.options.file.services[name];
    if (service === undefined) throw new Error(`there is no service ${name}`);
    const starting = Promise.all(Object.keys(service.depends_on ?? {}).map((one) => this.start(one))).then(
      () => this.untilHealthy(this.run(name, service)),
    );
    this.healthy.set(name, starting);
    return starting;
  }

  private run(name: string, service: ComposeService): Container {
    const { image, environmentOf } = this.options;
    const environment = environmentOf(name, { ...image.environment, ...service.environment });
    const child = this.spawn(service.command ?? image.command, environment);
    const ended = once(child, 'exit');
    const container: Container = { name, service, environment, child, ended, log: '' };
    for (const output of [child.stdout, child.stderr])
      output?.setEncoding('utf8').on('data', (text: string) => (container.log += text));
    this.containers.push(container);
    return container;
  }

  private async untilHealthy(container: Container): Promise<void> {
    const { name, service, environment, child } = container;
    const [kind, ...command] = service.healthcheck.test;
    if (kind !== 'CMD') throw new Error(`the health check of ${name} can't be run here`);
    let said = '';
    for (const deadline = Date.now() + milliseconds(service.healthcheck.start_period); ; await delay(250)) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${container.log}`);
      const check = this.spawn(command, environment);
      said = '';
      check.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
      await once(check, 'close');
      if (check.exitCode === 0) return;
      if (Date.now() > deadline) throw new Error(`${name} did not become healthy: ${said}\n${container.log}`);
    }
  }

  private spawn(
    [program, ...parameters]: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): ChildProcess {
    // Of this machine's own only the path, where `node` is.
    const env = { PATH: process.env['PATH'], ...environment };
    const options = { cwd: this.options.workingFolder, env };
    return spawn(program ?? '', parameters, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  }
}
