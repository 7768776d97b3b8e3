import type { PageRequest } from '@fintech-ledger/projection-runtime';
import { parseTime } from '@fintech-ledger/contract';
import { Is, Optional } from '../validation/decorators';
import { cursorRule, limitRule, wholeLimitRule, yesNoRule } from '../validation/query-rules';
import { pageLimitDefault, pageLimitMax } from '../limits';

export class NoQuery {}

export class CommandQuery {
  @Is(yesNoRule, 'Checks and answers as ever, but writes nothing.')
  @Optional()
  declare readonly dry_run?: 'true' | 'false';
}

export class PageQuery {
  @Is(limitRule, 'How many items a page has.')
  @Optional()
  declare readonly limit?: string;

  @Is(cursorRule, 'The place in the list, as `next_cursor` of the page before.')
  @Optional()
  declare readonly cursor?: string;
}

/** A page of a short list, which is all of it unless `limit` says less. */
export class WholePageQuery {
  @Is(wholeLimitRule, 'How many items a page has.')
  @Optional()
  declare readonly limit?: string;

  @Is(cursorRule, 'The place in the list, as `next_cursor` of the page before.')
  @Optional()
  declare readonly cursor?: string;
}

/** @param unlessGiven how many items, where the query does not say it */
export function pageOf({ limit, cursor }: PageQuery, unlessGiven = pageLimitDefault): PageRequest {
  return {
    limit: limit === undefined ? unlessGiven : Number(limit),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

export const wholePageOf = (query: WholePageQuery): PageRequest => pageOf(query, pageLimitMax);

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

/** `?from=&to=` in milliseconds since 1970. */
export function windowMs(query: Readonly<TimeWindow>): { readonly fromMs?: number; readonly toMs?: number } {
  const { from, to } = timeWindow(query);
  return {
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(to === undefined ? {} : { toMs: Date.parse(to) }),
  };
}
