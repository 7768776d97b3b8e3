import { groupedBy } from '@fintech-ledger/contract';
import type { IntendedEffect } from '@fintech-ledger/journal';
import type { FeeReportEffect, RecordFeeReport, ReportedFee } from '@fintech-ledger/payments/domain';
import type { SettlementLine } from '../rails/rail';
import type { StoredRailItem } from '../read-model/queries';
import { callRail } from './call-rail';
import type { CallingRails } from './call-rail';
import type { RailBooks } from './rail-books';

export type IntendedReport = FeeReportEffect & Pick<IntendedEffect, 'organizationId' | 'stream'>;
interface ReadingReports extends CallingRails {
  readonly books: RailBooks;
  /** How many lines of a report are read, compared and booked at once. */
  readonly reportLinesMax: number;
}

/**
 * A page of what a rail reports, with the fees that are not as they are booked. What is booked may be older than the
 * journal: that says what differs in the end. @throws Error nothing comes back, or the read model is behind
 */
export async function readFeeReport(
  { data, key, kind, organizationId, stream }: IntendedReport,
  { books, reportLinesMax: limit, ...calling }: ReadingReports,
  signal: AbortSignal,
): Promise<RecordFeeReport> {
  const { at, currency, cursor, from, rail, report, to } = data;
  const about = { organizationId, key, kind, rail, from, to };
  const of = { environment: organizationId, at, currency, cursor, from, to };
  const page = await callRail(calling, { rail, isQuestion: true, about }, signal, (called, ended) =>
    called.settlementReport({ ...of, limit }, ended),
  );
  if (page === undefined || (page.cursor !== null && page.cursor === cursor))
    throw new Error('a rail does not go on in its report');
  const references = [...new Set(page.lines.map(({ railReference }) => railReference))];
  const booked = await books.items({ rail, references, report, stream }, signal);
  const fees = differingFees(
    page.lines,
    booked.filter((item) => item.currency === currency),
  );
  const said = { call: key, currency, cursor: page.cursor, fees, lines: page.lines.length, rail };
  return { type: 'RecordFeeReport', ...said };
}

/**
 * Of lines that both sides have once, and of which only the fee differs. What one side alone has, or has with another
 * amount, is for a person: reconciliation names it.
 */
export function differingFees(
  lines: readonly SettlementLine[],
  booked: readonly StoredRailItem[],
): readonly ReportedFee[] {
  const ours = groupedBy(booked, ({ kind, reference }) => `${kind} ${reference}`);
  const theirs = groupedBy(lines, ({ kind, railReference }) => `${kind} ${railReference}`);
  return [...theirs].flatMap(([line, [said, ...others]]) => {
    const [item, ...more] = ours.get(line) ?? [];
    if (said === undefined || item === undefined || others.length + more.length > 0) return [];
    const { kind, railReference } = said;
    const isFee = kind === 'dispute_fee';
    const isOfFee = isFee || said.grossMinor === BigInt(item.gross);
    if (!isOfFee || said.netMinor === BigInt(item.gross) - BigInt(item.fee)) return [];
    const fee = String(isFee ? -said.netMinor : said.feeMinor);
    return [{ fee, kind, object: item.object, railReference }];
  });
}
