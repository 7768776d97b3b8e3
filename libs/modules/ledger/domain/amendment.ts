import { BrokenInvariant } from '@fintech-ledger/contract';
import { linesToldMax, reversalsNamedMax } from './limits';
import type {
  LinesAfter,
  PlacedLine,
  TransactionHeader,
  TransactionLine,
  TransactionSnapshot,
  TransactionStatus,
} from './transaction';

/** What an event does to an earlier transaction. */
export interface Amendment extends LinesAfter {
  readonly id: string;
  /** After the event; undefined: as it was. */
  readonly status?: TransactionStatus;
  /** After the event, where `status` is. */
  readonly openUntil?: string | undefined;
  /** The transaction that reverses it from now on. */
  readonly reversal?: string;
  /** All of it after the event, where the event has that. */
  readonly whole?: TransactionSnapshot;
}

/** The earlier transaction after the event. @throws BrokenInvariant the transaction has other lines */
export function amended(before: TransactionSnapshot, amendment: Amendment): TransactionSnapshot {
  const { lineCount, lines, openUntil, reversal, status, whole } = amendment;
  if (whole) return whole;
  if (before.lines.length !== lineCount) {
    throw new BrokenInvariant(`${before.id} has ${before.lines.length} lines; an event says ${lineCount}`);
  }
  const { openUntil: openBefore, ...kept } = before;
  const open = status === undefined ? openBefore : openUntil;
  return {
    ...kept,
    ...(open === undefined ? {} : { openUntil: open }),
    lines: withLines(before.lines, lines),
    reversedBy: reversal === undefined ? before.reversedBy : firstReversals([...before.reversedBy, reversal]),
    status: status ?? before.status,
  };
}

export const firstReversals = (ids: readonly string[]): readonly string[] => ids.slice(0, reversalsNamedMax);

/** What an event tells of a transaction's lines, which it takes from `before` to `after`. */
export function linesAfter(
  before: readonly TransactionLine[],
  after: readonly TransactionLine[],
): LinesAfter {
  const lines: PlacedLine[] = [];
  for (let index = 0; index < after.length; index += 1) {
    const line = after[index] as TransactionLine;
    if (after.length <= linesToldMax || isChanged(before[index], line)) lines.push(placed(line, index));
  }
  return { lineCount: after.length, lines };
}

/** All lines of a transaction, each with its place. */
export function allLines(lines: readonly TransactionLine[]): LinesAfter {
  return { lineCount: lines.length, lines: lines.map(placed) };
}

/** The lines, with those that an event tells in their places. */
export function withLines(
  lines: readonly TransactionLine[],
  told: Iterable<PlacedLine>,
): readonly TransactionLine[] {
  const after = [...lines];
  for (const line of told) after[line.index] = withoutPlace(line);
  return after;
}

export function withoutPlace({ index: _, ...line }: PlacedLine): TransactionLine {
  return line;
}

/** What a transaction has besides its lines and its reversals. */
export function headerOf(
  { isHold: _, lines: _lines, reversedBy: _by, ...header }: TransactionSnapshot,
  status = header.status,
): TransactionHeader {
  return { ...header, status };
}

/** It ends as it expires from now on. */
export function withoutOpenUntil<T extends TransactionHeader>({
  openUntil: _,
  ...header
}: T): Omit<T, 'openUntil'> {
  return header;
}

function isChanged(before: TransactionLine | undefined, after: TransactionLine): boolean {
  return (
    before?.captured !== after.captured || before.held !== after.held || before.reversed !== after.reversed
  );
}

// Names in the order in which they are recorded.
function placed(line: TransactionLine, index: number): PlacedLine {
  const { account, amount, captured, currency, direction, held, reversed } = line;
  return { account, amount, captured, currency, direction, held, index, reversed };
}
