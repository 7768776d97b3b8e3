import { PositionUnknown } from '../../port';
import type { GlobalPosition } from '../../port';
import { parsePosition } from './position';
import type { LogPosition } from './position';

/** @throws PositionUnknown it is not one of EventStoreDB */
export function positionOf(after: GlobalPosition): LogPosition {
  const position = parsePosition(after);
  if (position === undefined) throw positionUnknown(after);
  return position;
}

export const positionUnknown = (position: string): PositionUnknown =>
  new PositionUnknown(
    `EventStoreDB has no event at position "${position}": it is another store, or an older backup. ` +
      'Connect to the store that this installation wrote to; to go on with this one knowingly, see `ledgerctl recover`',
  );
