import { globalPosition } from '../../port';
import type { GlobalPosition } from '../../port';

/** A place in the log of EventStoreDB. Both are offsets in decimal digits: they only grow, and have gaps. */
export interface LogPosition {
  readonly commit: string;
  readonly prepare: string;
}

/** As the port hands it around: `commit:prepare`. */
export const formatPosition = ({ commit, prepare }: LogPosition): GlobalPosition =>
  globalPosition(`${commit}:${prepare}`);

/** @returns undefined when it is not a position of EventStoreDB */
export function parsePosition(position: GlobalPosition): LogPosition | undefined {
  const [, commit, prepare] = /^(0|[1-9]\d{0,19}):(0|[1-9]\d{0,19})$/.exec(position) ?? [];
  return commit === undefined || prepare === undefined ? undefined : { commit, prepare };
}

/** Negative when `a` is before `b`, 0 when they are the same. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return compareDigits(a.commit, b.commit) || compareDigits(a.prepare, b.prepare);
}

/** Whole numbers without leading zeros: the longer one is the larger one. */
function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a === b ? 0 : a < b ? -1 : 1;
}
