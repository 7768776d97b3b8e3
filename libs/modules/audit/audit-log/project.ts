import { auditPrefix } from '@fintech-ledger/audit/domain';
import { timeSortableId } from '@fintech-ledger/envelope';
import { streamKey } from '@fintech-ledger/events';
import { partOfRequestId } from '@fintech-ledger/http/base';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import type { Descriptions } from './describe';
import { keyOf, knownKeyOf } from './keys';
import { askedIn } from './said';
import type { Asked } from './said';

/** Where something is said. */
interface Where {
  readonly organization: number;
  readonly recordedMs: number;
  readonly streamKey: number;
}

/** What the lines of a run have in common, as keys. */
interface Said {
  readonly actor: number;
  readonly action: number;
  readonly origin: number | null;
}

/** Lines of revisions that follow one another, alike but for what they are about. */
export interface AuditLogRun extends Where, Said {
  readonly first: number;
  readonly last: number;
  /** Which of the things that an event says, from 0. */
  readonly item: number;
}

/** A line that is found under a name which does not say where it is. */
export interface AuditLogName extends Where {
  readonly name: number;
  readonly revision: number;
  readonly item: number;
  /** Whether the event says what became of that. */
  readonly isTarget: boolean;
}

export interface AuditLogStream {
  readonly streamKey: number;
  readonly stream: string;
  readonly organization: number;
}

export interface AuditLogChanges {
  readonly runs: readonly AuditLogRun[];
  readonly names: readonly AuditLogName[];
  readonly streams: readonly AuditLogStream[];
}

/** A run that may go on: it is written out once, and only its end moves. */
type OpenRun = { -readonly [N in keyof AuditLogRun]: AuditLogRun[N] };

interface OpenStream extends AuditLogStream {
  readonly prefix: string;
  readonly owner: string;
  open: OpenRun | undefined;
}

/** Pure: where the events of a batch say that somebody did something, or was refused. */
export function projectAuditLog(
  descriptions: Pick<Descriptions, 'actionKey' | 'names'>,
  events: readonly DecodedEvent[],
): AuditLogChanges {
  const runs: AuditLogRun[] = [];
  const names: AuditLogName[] = [];
  const streams = new Map<string, OpenStream>();
  const keys = new LatestKeys();
  let known: OpenStream | undefined;
  for (const one of events) {
    const { revision, event, recordedMs } = one;
    // Most often that of the event before.
    if (known?.owner !== one.owner || known.prefix !== one.prefix) known = openStream(streams, one);
    const { organization, streamKey: stream } = known;
    const all = one.prefix === auditPrefix ? askedIn(event.type, event.data) : undefined;
    if (all !== undefined) {
      addAsked(runs, names, { organization, recordedMs, streamKey: stream, revision }, all);
      known.open = undefined;
      continue;
    }
    const actor = keys.ofActor(one.actor);
    const action = descriptions.actionKey(event.type);
    const origin = keys.ofRequest(one.correlationId);
    const { open } = known;
    if (open !== undefined && goesOn(open, revision, recordedMs, actor, action, origin)) open.last = revision;
    else {
      known.open = {
        organization,
        recordedMs,
        streamKey: stream,
        first: revision,
        last: revision,
        item: 0,
        actor,
        action,
        origin,
      };
      runs.push(known.open);
    }
    addNames(names, known, one, descriptions.names(event.type, event.data));
  }
  return { runs, names, streams: [...streams.values()] };
}

function goesOn(
  run: AuditLogRun,
  revision: number,
  recordedMs: number,
  actor: number,
  action: number,
  origin: number | null,
): boolean {
  return (
    run.last === revision - 1 &&
    run.recordedMs === recordedMs &&
    run.actor === actor &&
    run.action === action &&
    run.origin === origin
  );
}

function addNames(
  into: AuditLogName[],
  { organization, streamKey: key, stream }: AuditLogStream,
  { recordedMs, revision }: DecodedEvent,
  names: readonly string[],
): void {
  if (names.length === 0) return;
  const own = timeSortableId('', recordedMs, revision, stream);
  for (const [at, name] of names.entries()) {
    if (name.endsWith(own)) continue;
    const isTarget = at === 0;
    into.push({ organization, recordedMs, streamKey: key, name: keyOf(name), revision, item: 0, isTarget });
  }
}

/** Keys of who asked and from where; most often those of the event before. */
class LatestKeys {
  private actor = '';
  private actorKey = 0;
  private part = 'none';
  private partKey: number | null = null;

  ofActor(actor: string): number {
    if (actor !== this.actor) {
      this.actor = actor;
      this.actorKey = knownKeyOf(actor);
    }
    return this.actorKey;
  }

  ofRequest(id: string): number | null {
    if (!id.startsWith('req_')) return null;
    if (!id.startsWith(this.part, 4)) {
      this.part = partOfRequestId(id) ?? '';
      this.partKey = knownKeyOf(this.part);
    }
    return this.partKey;
  }
}

function addAsked(
  runs: AuditLogRun[],
  names: AuditLogName[],
  where: Where & { readonly revision: number },
  all: readonly Asked[],
): void {
  const { revision, ...at } = where;
  all.forEach((asked, item) => {
    const { actor, action, targetId, requestId } = asked;
    const said = { actor: knownKeyOf(actor), action: knownKeyOf(action), origin: originKey(requestId) };
    runs.push({ ...at, first: revision, last: revision, item, ...said });
    for (const id of [targetId, 'parentId' in asked ? asked.parentId : null])
      if (id !== null) names.push({ ...where, name: keyOf(id), item, isTarget: false });
  });
}

function openStream(
  streams: Map<string, OpenStream>,
  { prefix, owner, organizationId }: DecodedEvent,
): OpenStream {
  const stream = `${prefix}${owner}`;
  const known = streams.get(stream);
  if (known !== undefined) return known;
  const organization = knownKeyOf(organizationId);
  const opened = { prefix, owner, streamKey: streamKey(stream), stream, organization, open: undefined };
  streams.set(stream, opened);
  return opened;
}

function originKey(requestId: string): number | null {
  const part = partOfRequestId(requestId);
  return part === undefined ? null : knownKeyOf(part);
}
