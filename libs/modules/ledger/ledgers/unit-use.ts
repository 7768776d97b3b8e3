import { BoundedMap, refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { organizationStream } from '@fintech-ledger/envelope';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { findCurrency, isBookable, unknownCurrency, withdrawnCurrency } from '@fintech-ledger/ledger/domain';
import type { Currency, LedgerCommand, UseUnit } from '@fintech-ledger/ledger/domain';
import { envelope } from '@fintech-ledger/journal';
import { knownUnitsMax } from './limits';

/**
 * Sees to it that an account's unit exists before the account does: ISO 4217 currencies are built in, any other unit must have been declared,
 * and from its first account on its exponent is fixed (`UseUnit` on the organization's stream, before the account is opened).
 */
export class UnitUse {
  private readonly used = new BoundedMap<string, true>(knownUnitsMax);

  constructor(
    private readonly gateway: CommandGateway,
    /** RFC 3339. */
    private readonly now: () => string = () => new Date().toISOString(),
  ) {}

  /**
   * Submits the opening of an account in `currency`. Refusals: `unknown_currency`, `withdrawn_currency`, and those of the ledger.
   * @param trial where it is only tried, with the units that were declared there
   */
  async openAccount(
    opening: CommandEnvelope<LedgerCommand>,
    currency: string,
    allowsWithdrawn = false,
    trial?: CommandGateway,
  ): Promise<CommandOutcome> {
    const gateway = trial ?? this.gateway;
    const standard = findCurrency(currency);
    if (standard !== undefined) {
      return isBookable(standard, this.now()) || (allowsWithdrawn && standard.exponent !== null)
        ? gateway.submit(opening)
        : replayOr(gateway, opening, notBookable(standard));
    }
    const key = `${opening.organizationId} ${currency}`;
    if (this.used.get(key) === true) return gateway.submit(opening);
    const isDryRun = opening.dryRun === true;
    // A refused opening must not fix the unit: ask first, then use the unit, then open. A refusal here is answered by the submission
    // itself, which also finds the first answer of a known idempotency key.
    const rehearsal = isDryRun ? undefined : await gateway.submit({ ...opening, dryRun: true });
    if (rehearsal?.kind === 'refused') return gateway.submit(opening);
    const use = await useUnit(gateway, opening, currency);
    if (use.kind === 'refused') return replayOr(gateway, opening, use.refusal);
    if (!isDryRun && trial === undefined) this.used.set(key, true);
    return gateway.submit(opening);
  }
}

function useUnit(gateway: CommandGateway, opening: CommandEnvelope, code: string): Promise<CommandOutcome> {
  const {
    organizationId,
    actor,
    correlationId,
    dryRun = false,
    askedAtMs,
    traceparent,
    tracestate,
  } = opening;
  const command: UseUnit = { type: 'UseUnit', code };
  const context = {
    organizationId,
    actor,
    correlationId,
    dryRun,
    ...(askedAtMs === undefined ? {} : { askedAtMs }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
  return gateway.submit(envelope(organizationStream(organizationId), command, context));
}

/** The refusal, unless the idempotency key has an answer from when the currency was in force. */
async function replayOr(
  gateway: CommandGateway,
  opening: CommandEnvelope,
  refusal: Refusal,
): Promise<CommandOutcome> {
  if (opening.idempotencyKey !== undefined) {
    const first = await gateway.submit({ ...opening, dryRun: true });
    if (first.kind === 'accepted' ? first.replayed : first.refusal.code === 'idempotency_key_reused') {
      return first;
    }
  }
  return { kind: 'refused', refusal };
}

function notBookable({ code, withdrawnOn, exponent }: Currency): Refusal {
  return exponent === null
    ? refuse(unknownCurrency, `${code} has no minor unit, so amounts of it can't be booked.`, '/currency')
    : refuse(withdrawnCurrency, `${code} was withdrawn on ${withdrawnOn ?? 'some day'}.`, '/currency');
}
