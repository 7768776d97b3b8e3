import { parseTime } from '@fintech-ledger/contract';

export interface TimeWindow {
  from?: string;
  to?: string;
  axis?: 'effective' | 'recorded';
}

/** `?from=&to=&axis=` in the ledger's own form of times: UTC with milliseconds. */
export function timeWindow(query: Readonly<TimeWindow>): TimeWindow {
  const from = parseTime(query.from);
  const to = parseTime(query.to);
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(query.axis === undefined ? {} : { axis: query.axis }),
  };
}
