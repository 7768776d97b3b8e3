import type { LedgerCommand, PostTransactions } from '@fintech-ledger/ledger/domain';
import { setTimeout as sleep } from 'node:timers/promises';
import { open } from '../ledger/command-builders';
import type { SimulatedClients } from './simulated-clients';
import type { SimulatedCluster } from './simulated-cluster';

/** What makes the rest of a bulk be refused, and what lets it be booked again. */
type Obstacle = readonly [LedgerCommand, LedgerCommand];

/**
 * Clients whose large bulk is cut: the writer dies between two parts, the rest is refused at the next attempt and could
 * be booked at a later one. What was answered once must be answered for ever.
 */
export class InterruptedBulks {
  /** By request, after how many of its events its writer dies. */
  private readonly dying = new Map<string, number>();

  constructor(
    private readonly cluster: SimulatedCluster,
    private readonly clients: SimulatedClients,
    private readonly random: () => number,
  ) {}

  /** Call it for every event that was stored. */
  onEvent(correlationId: string): void {
    const left = this.dying.get(correlationId);
    if (left === undefined) return;
    this.dying.set(correlationId, left - 1);
    if (left === 0) this.cluster.crash(correlationId);
  }

  async run(name: string): Promise<void> {
    const { clients } = this;
    const [from, to] = [`${name}:from`, `${name}:to`];
    await clients.withKey(open(from, 'asset', { currency: 'USD' }), `${name}-from`);
    await clients.withKey(open(to, 'asset', { currency: 'USD' }), `${name}-to`);
    const command = bulkOf(20 + this.draw(60), from, to);
    await this.interrupt(command, name);
    const [prevent, allow] = this.obstacle(to);
    await clients.withKey(prevent, `${name}-prevent`);
    await clients.withKey(command, name);
    await clients.withKey(allow, `${name}-allow`);
    await clients.withKey(command, name);
  }

  /** Sends a bulk until its writer died after some of it was stored, or until it is answered. */
  private async interrupt(command: LedgerCommand, name: string): Promise<void> {
    const diesAfter = this.draw(10);
    let request = '';
    const onSend = (correlationId: string): void => {
      request = correlationId;
      this.dying.set(correlationId, diesAfter);
    };
    const isStored = (): boolean => this.dying.get(request) !== diesAfter;
    while (!(await this.clients.attempt(command, name, onSend)) && !isStored()) {
      await sleep(this.random() * 200);
    }
  }

  private obstacle(address: string): Obstacle {
    if (this.random() < 0.5) {
      return [
        { type: 'FreezeAccount', address },
        { type: 'UnfreezeAccount', address },
      ];
    }
    return [
      { type: 'AmendAccount', address, maxBalance: '0' },
      { type: 'AmendAccount', address, maxBalance: null },
    ];
  }

  private draw(count: number): number {
    return Math.floor(this.random() * count);
  }
}

function bulkOf(items: number, from: string, to: string): PostTransactions {
  const line = { amount: '1', currency: 'USD' };
  const transactions = Array.from({ length: items }, () => ({
    entries: [
      { ...line, account: to, direction: 'debit' as const },
      { ...line, account: from, direction: 'credit' as const },
    ],
  }));
  return { type: 'PostTransactions', atomic: false, transactions };
}
