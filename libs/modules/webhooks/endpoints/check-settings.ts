import { refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import type { PublicEventRegistry } from '@fintech-ledger/events';
import { headerRefusal, headersRefusal, invalidRequestHeader } from '@fintech-ledger/outbound';
import type { OutboundGuard } from '@fintech-ledger/outbound';
import { eventFilterMatchesNothing, unknownEventType } from '@fintech-ledger/webhooks/domain';
import type { Headers } from './sealed-headers';

/** What of an endpoint's settings is judged outside of its stream: what other modules and the network know. */
export interface ToCheck {
  readonly url?: string;
  readonly eventTypes?: readonly string[];
  readonly headers?: Headers;
}

export interface SettingsJudges {
  readonly registry: Pick<PublicEventRegistry, 'named'>;
  readonly guard: Pick<OutboundGuard, 'refusalOf'>;
}

/** Endpoints of live organizations are https; those of a sandbox may be http. */
export const urlRulesOf = (isLive: boolean) => ({ isHttpAllowed: !isLive });

/** What we send with each message. */
const ours = new Set(['content-type', 'user-agent', 'webhook-id', 'webhook-timestamp', 'webhook-signature']);
const nameLengthMax = 200;

/** The first reason why settings can't be taken. */
export async function settingsRefusal(
  { registry, guard }: SettingsJudges,
  { url, eventTypes = [], headers = {} }: ToCheck,
  isLive: boolean,
): Promise<Refusal | undefined> {
  const types = eventTypesRefusal(registry, eventTypes);
  if (types !== undefined) return types;
  const header = ownHeaderRefusal(headers) ?? headersRefusal(headers);
  if (header !== undefined) return header;
  return url === undefined ? undefined : guard.refusalOf(url, urlRulesOf(isLive));
}

/** The first filter that means no type. */
export function eventTypesRefusal(
  registry: Pick<PublicEventRegistry, 'named'>,
  patterns: readonly string[],
): Refusal | undefined {
  for (const [at, pattern] of patterns.entries()) {
    if (registry.named([pattern]).length > 0) continue;
    const param = `/event_types/${at}`;
    return pattern.endsWith('*')
      ? refuse(eventFilterMatchesNothing, `No type of events begins like '${pattern}'.`, param)
      : refuse(unknownEventType, `No event has the type '${pattern}'.`, param);
  }
  return undefined;
}

function ownHeaderRefusal(headers: Headers): Refusal | undefined {
  const seen = new Set<string>();
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase();
    if (name.length > nameLengthMax) {
      const detail = `A header has a name of more than ${nameLengthMax} characters.`;
      return refuse(invalidRequestHeader, detail, '/headers');
    }
    if (ours.has(lower)) return headerRefusal(name, `${name} is one that every message has`);
    if (seen.has(lower)) return headerRefusal(name, `${name} is given twice`);
    seen.add(lower);
  }
  return undefined;
}
