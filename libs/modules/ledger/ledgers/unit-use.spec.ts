import { revision } from '@fintech-ledger/event-store';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { refuse } from '@fintech-ledger/contract';
import type { LedgerCommand, RefusalCode } from '@fintech-ledger/ledger/domain';
import { UnitUse } from './unit-use';

type Answer = 'ok' | 'replayed' | RefusalCode | 'idempotency_key_reused';

/** A gateway that answers by the kind of command, and remembers what came. */
function world(answers: { open?: Answer; rehearse?: Answer; use?: Answer } = {}) {
  const seen: string[] = [];
  const submit = ({ command, dryRun }: CommandEnvelope): Promise<CommandOutcome> => {
    const isUse = (command as { type: string }).type === 'UseUnit';
    const answer = (isUse ? answers.use : dryRun === true ? answers.rehearse : answers.open) ?? 'ok';
    seen.push(`${isUse ? 'use' : 'open'}${dryRun === true ? ' dry' : ''}`);
    return Promise.resolve(
      answer === 'ok' || answer === 'replayed'
        ? { kind: 'accepted', answer: '{}', revision: revision(1), replayed: answer === 'replayed' }
        : { kind: 'refused', refusal: refuse({ code: answer }, answer) },
    );
  };
  return { seen, units: new UnitUse({ submit }, () => '2026-06-01T00:00:00.000Z') };
}

function opening(currency: string, more: object = {}): CommandEnvelope<LedgerCommand> {
  return {
    stream: 'journal-led_1',
    organizationId: 'org_1',
    actor: 'key_1',
    correlationId: 'req_1',
    command: { type: 'OpenAccount', address: 'a', accountType: 'asset', currency },
    ...more,
  };
}

describe('the unit of a new account', () => {
  it.each<[string, string, Parameters<typeof world>[0], object, readonly string[], string]>([
    ['is built in', 'USD', {}, {}, ['open'], 'accepted'],
    ['is used before the account is opened', 'POINTS', {}, {}, ['open dry', 'use', 'open'], 'accepted'],
    [
      'is not used when the account is refused',
      'POINTS',
      { rehearse: 'account_exists', open: 'account_exists' },
      {},
      ['open dry', 'open'],
      'account_exists',
    ],
    ['was never declared', 'HOURS', { use: 'unknown_currency' }, {}, ['open dry', 'use'], 'unknown_currency'],
    ['is asked for in a dry run', 'POINTS', {}, { dryRun: true }, ['use dry', 'open dry'], 'accepted'],
    ['is withdrawn', 'DEM', {}, {}, [], 'withdrawn_currency'],
    ['has no minor unit', 'XAU', {}, {}, [], 'unknown_currency'],
    [
      'was withdrawn since',
      'DEM',
      { rehearse: 'replayed' },
      { idempotencyKey: 'k' },
      ['open dry'],
      'accepted',
    ],
    ['is withdrawn, with a new key', 'DEM', {}, { idempotencyKey: 'k' }, ['open dry'], 'withdrawn_currency'],
    [
      'is withdrawn, with a used key',
      'DEM',
      { rehearse: 'idempotency_key_reused' },
      { idempotencyKey: 'k' },
      ['open dry'],
      'idempotency_key_reused',
    ],
  ])('%s', async (_name, currency, answers, more, seen, expected) => {
    const given = world(answers);
    const outcome = await given.units.openAccount(opening(currency, more), currency);
    expect(given.seen).toEqual(seen);
    expect(outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind).toBe(expected);
  });

  it.each([
    ['DEM', 'accepted'],
    ['XAU', 'unknown_currency'],
  ])('may be withdrawn where books of the past are imported: %s', async (currency, expected) => {
    const { units } = world();
    const outcome = await units.openAccount(opening(currency), currency, true);
    expect(outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind).toBe(expected);
  });

  it('is asked for once', async () => {
    const { seen, units } = world();
    await units.openAccount(opening('POINTS'), 'POINTS');
    await units.openAccount(opening('POINTS'), 'POINTS');
    expect(seen).toEqual(['open dry', 'use', 'open', 'open']);
  });
});
