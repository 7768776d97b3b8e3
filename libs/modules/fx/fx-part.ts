import { streamOwner } from '@fintech-ledger/envelope';
import {
  decideFx,
  evolveFx,
  fxEvents,
  fxRecordKeys,
  readsOfFx,
  showConversion,
  showQuote,
  showRate,
} from '@fintech-ledger/fx/domain';
import type { FxCommand, FxEvent, FxRecord } from '@fintech-ledger/fx/domain';
import type { AnswerRequest, DomainPart } from '@fintech-ledger/journal';
import type { LedgerRecord } from '@fintech-ledger/ledger/domain';

/** What the module does in the journals of payments ledgers. */
export const fxPart: DomainPart<FxCommand, FxEvent, FxRecord, FxRecord | LedgerRecord> = {
  commands: { SetFxRate: true, CreateFxQuote: true, CreateFxConversion: true },
  events: fxEvents,
  records: fxRecordKeys,
  reads: readsOfFx,
  decide: decideFx,
  evolve: evolveFx,
  answer: fxAnswer,
};

/** What the command made. */
function fxAnswer({ events, stream, revision, dryRun }: AnswerRequest<FxCommand, FxEvent>): string {
  const at = { position: `${streamOwner(stream)}@${revision}`, ...(dryRun && { dry_run: true }) };
  const event = events.at(-1);
  return JSON.stringify({ ...(event && shown(event)), ...at });
}

function shown({ type, data }: FxEvent): object {
  switch (type) {
    case 'FxRateSet':
      return showRate(data.rate);
    case 'FxQuoteCreated':
      return showQuote(data.quote);
    case 'FxConversionCreated':
      return showConversion(data.conversion);
  }
}
