import type { UseUnit } from '@fintech-ledger/access';
import { organizationStream } from '@fintech-ledger/event-contracts';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { findCurrency } from '@fintech-ledger/ledger';
import type { LedgerCommand } from '@fintech-ledger/ledger';
import { envelope } from './envelope';
import { knownUnitsMax } from './limits';
import { LruMap } from './lru-map';

/**
 * Sees to it that an account's unit exists before the account does: ISO 4217 currencies are built in, any other unit must have been declared,
 * and from its first account on its exponent is fixed (`UseUnit` on the organization's stream, before the account is opened).
 */
export class UnitUse {
  private readonly used = new LruMap<string, true>(knownUnitsMax);

  constructor(private readonly gateway: CommandGateway) {}

  /** Submits the opening of an account in `currency`. Refusals: `unknown_currency`, and those of the ledger. */
  async openAccount(opening: CommandEnvelope<LedgerCommand>, currency: string): Promise<CommandOutcome> {
    const key = `${opening.organizationId} ${currency}`;
    if (findCurrency(currency) !== undefined || this.used.get(key) === true)
      return this.gateway.submit(opening);
    const isDryRun = opening.dryRun === true;
    // A refused opening must not fix the unit: ask first, then use the unit, then open. A refusal here is answered by the submission
    // itself, which also finds the first answer of a known idempotency key.
    const rehearsal = isDryRun ? undefined : await this.gateway.submit({ ...opening, dryRun: true });
    if (rehearsal?.kind === 'refused') return this.gateway.submit(opening);
    const command: UseUnit = { type: 'UseUnit', code: currency };
    const context = {
      organizationId: opening.organizationId,
      actor: opening.actor,
      correlationId: opening.correlationId,
      dryRun: isDryRun,
    };
    const use = await this.gateway.submit(
      envelope(organizationStream(opening.organizationId), command, context),
    );
    if (use.kind === 'refused') return use;
    if (!isDryRun) this.used.set(key, true);
    return this.gateway.submit(opening);
  }
}
