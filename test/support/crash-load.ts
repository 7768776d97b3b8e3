import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerClient, Reply } from './ledger-client';

/** A command that was sent under a key of its own, and what is known of it. */
export interface SentCommand {
  readonly key: string;
  readonly path: string;
  readonly body: object;
  /** The acknowledged answer; undefined: nobody was told how it ended. */
  answer?: string;
  /** The code of its refusal, which burns no key. */
  refused?: string;
}

export interface LoadOptions {
  /** Clients at work at once. Default 24. */
  readonly clients?: number;
  /** What each of them waits after an answer. Default: nothing. */
  readonly pauseMs?: number;
}

const accounts = 12;
/** How long it may take to be of use again without help. */
const settleMsMax = 30_000;

/** Random clients that write down everything they send and what they are told. */
export class CrashLoad {
  readonly sent: SentCommand[] = [];
  /** How often each answer came, such as `201` or `503 outcome_unknown`. */
  readonly answers = new Map<string, number>();
  /** How many commands were acknowledged. */
  acknowledged = 0;
  /** The longest that anybody waited for an answer of any kind. */
  slowestMs = 0;
  private readonly holds: string[] = [];

  constructor(
    private readonly ledger: string,
    private readonly random: () => number,
    private readonly options: LoadOptions = {},
  ) {}

  /** The accounts that the load works on; a third of them may not go below zero by much. */
  async openAccounts(client: LedgerClient): Promise<void> {
    for (let i = 0; i < accounts; i += 1) {
      await client.accepted(`/v1/ledgers/${this.ledger}/accounts`, {
        address: `acc:${i}`,
        type: i % 2 === 0 ? 'liability' : 'asset',
        currency: 'USD',
        min_balance: i % 3 === 0 ? '-2000' : null,
      });
    }
  }

  /** Sends until `signal` is aborted; whatever fails by then is of unknown outcome. */
  async run(client: LedgerClient, round: number, signal: AbortSignal): Promise<void> {
    const { clients = 24, pauseMs = 0 } = this.options;
    let next = 0;
    const one = async (): Promise<void> => {
      while (!signal.aborted) {
        const command: SentCommand = { key: `${round}-${(next += 1)}`, ...this.command() };
        this.sent.push(command);
        await this.send(client, command).catch(() => delay(5));
        if (pauseMs > 0) await delay(pauseMs * (0.5 + this.random()));
      }
    };
    await Promise.all(Array.from({ length: clients }, one));
  }

  /** Sends a command (again) and notes the answer. @throws the connection's error: the outcome is unknown */
  async send(client: LedgerClient, command: SentCommand): Promise<Reply> {
    const startedAt = performance.now();
    const reply = await client.post(command.path, command.body, command.key);
    this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt);
    const said = reply.code === undefined ? String(reply.status) : `${reply.status} ${reply.code}`;
    this.answers.set(said, (this.answers.get(said) ?? 0) + 1);
    if (reply.status < 300 && booksNothing(command, reply)) command.refused = 'all_of_a_bulk';
    else if (reply.status < 300) {
      if (command.answer === undefined) this.acknowledged += 1;
      command.answer ??= reply.text;
      const { id, status } = JSON.parse(reply.text) as { id?: string; status?: string };
      if (id !== undefined && status === 'pending') this.holds.push(id);
    } else if (reply.status < 500) command.refused = reply.code ?? 'without a code';
    else if (reply.status !== 503) throw new Error(`${reply.status} ${reply.text}`);
    return reply;
  }

  /** Sends a command until it is known how it ended. @throws Error after 30 seconds */
  async settle(client: LedgerClient, command: SentCommand): Promise<void> {
    for (const deadline = Date.now() + settleMsMax; ; await delay(20)) {
      const reply = await this.send(client, command).catch(() => undefined);
      if (reply !== undefined && reply.status !== 503) return;
      if (Date.now() > deadline) throw new Error(`${command.key} stays unanswered: ${reply?.text}`);
    }
  }

  /**
   * Waits until so many more commands are acknowledged than are now. @returns how long that took, milliseconds
   * @throws Error after `withinMs`
   */
  async untilAcknowledged(commands: number, withinMs = settleMsMax): Promise<number> {
    const [wanted, startedAt] = [this.acknowledged + commands, performance.now()];
    while (this.acknowledged < wanted) {
      if (performance.now() - startedAt > withinMs) {
        const said = JSON.stringify(Object.fromEntries(this.answers));
        throw new Error(`${wanted - this.acknowledged} of ${commands} commands are not booked: ${said}`);
      }
      await delay(20);
    }
    return performance.now() - startedAt;
  }

  /** Every acknowledged command gives its first answer again, byte for byte. @throws Error naming the one that does not */
  async replay(client: LedgerClient, commands: readonly SentCommand[]): Promise<void> {
    const queue = commands.filter(({ answer }) => answer !== undefined);
    const worker = async (): Promise<void> => {
      for (let command = queue.pop(); command; command = queue.pop()) {
        const reply = await client.post(command.path, command.body, command.key);
        if (reply.text !== command.answer || !reply.isReplayed) {
          throw new Error(`${command.key} was answered ${command.answer}, now ${reply.status} ${reply.text}`);
        }
      }
    };
    await Promise.all(Array.from({ length: 32 }, worker));
  }

  private command(): Pick<SentCommand, 'path' | 'body'> {
    const inLedger = `/v1/ledgers/${this.ledger}/transactions`;
    const [from, to, amount] = [this.among(accounts), this.among(accounts), this.among(100) + 1];
    const entries = (units: number) => [
      { account: `acc:${from}`, direction: 'debit', amount: String(units), currency: 'USD' },
      { account: `acc:${to}`, direction: 'credit', amount: String(units), currency: 'USD' },
    ];
    const hold = this.holds[this.among(this.holds.length)];
    const kind = this.among(20);
    if (kind < 3)
      return { path: inLedger, body: { entries: entries(amount), pending: true, expires_at: this.soon() } };
    if (kind < 5 && hold !== undefined) {
      return { path: `${inLedger}/${hold}/capture`, body: { amount: '1', final: kind === 3 } };
    }
    if (kind < 6 && hold !== undefined) return { path: `${inLedger}/${hold}/void`, body: {} };
    if (kind < 9) {
      const transactions = [1, 2, 3, 4].map((n) => ({ entries: entries(n) }));
      return { path: `${inLedger}/bulk`, body: { atomic: kind < 8, transactions } };
    }
    return { path: inLedger, body: { entries: entries(amount) } };
  }

  /** Half of the holds expire within seconds, often while nobody is there. */
  private soon(): string | null {
    return this.among(2) === 0 ? null : new Date(Date.now() + 500 + this.among(4_000)).toISOString();
  }

  private among(count: number): number {
    return Math.floor(this.random() * count);
  }
}

/** A bulk that is not atomic and whose transactions were all refused, one by one, is answered 201 and leaves no trace, as a refusal does. */
function booksNothing({ path }: SentCommand, { text }: Reply): boolean {
  return path.endsWith('/bulk') && !text.includes('"txn_');
}
