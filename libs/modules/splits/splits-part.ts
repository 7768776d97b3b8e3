import { streamOwner } from '@fintech-ledger/envelope';
import type { AnswerRequest, DomainPart } from '@fintech-ledger/journal';
import type { LedgerRecord } from '@fintech-ledger/ledger/domain';
import { splitRuleKeys } from '@fintech-ledger/payments/domain';
import {
  decideSplits,
  evolveSplits,
  readsOfSplits,
  showSplitRule,
  splitEvents,
} from '@fintech-ledger/splits/domain';
import type { SplitCommand, SplitEvent, SplitsRecord } from '@fintech-ledger/splits/domain';

/** What the module does in the journals of payments ledgers: it reads there who has an account. */
export const splitsPart: DomainPart<SplitCommand, SplitEvent, SplitsRecord, SplitsRecord | LedgerRecord> = {
  commands: { CreateSplitRule: true, UpdateSplitRule: true },
  events: splitEvents,
  records: splitRuleKeys,
  reads: readsOfSplits,
  decide: decideSplits,
  evolve: (view, event, { revision }) => evolveSplits(view, event, revision),
  answer: splitsAnswer,
};

/** The rule as the event left it. */
function splitsAnswer({ dryRun, events, revision, stream }: AnswerRequest<SplitCommand, SplitEvent>): string {
  const at = { position: `${streamOwner(stream)}@${revision}`, ...(dryRun && { dry_run: true }) };
  const event = events.at(-1);
  return JSON.stringify({ ...(event && showSplitRule(event.data.splitRule)), ...at });
}
