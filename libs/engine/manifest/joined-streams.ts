import { joinedDomain } from '@fintech-ledger/journal';
import type { AnyJoinable } from '@fintech-ledger/journal';
import type { AnyDomain } from './any-domain';
import type { ModuleManifest, ModuleStreams, SharedStreams } from './module-manifest';

type PartsByModule = Readonly<Record<string, SharedStreams>>;

export interface PrefixedStreams extends Omit<ModuleStreams, 'publicEvents'> {
  readonly prefix: string;
  readonly domain: AnyDomain;
}

/**
 * The streams of all modules. Those that several modules share are decided by all of them, each by its part; a domain
 * that is alone in its streams is run as it is.
 * @throws Error a part joins a domain that is no base
 */
export function joinedStreams(manifests: readonly ModuleManifest[]): readonly PrefixedStreams[] {
  const own: PrefixedStreams[] = [];
  const shared = new Map<string, PartsByModule>();
  for (const { name, streams } of manifests) {
    for (const each of streams) {
      const prefix = prefixOf(name, each);
      if ('part' in each) shared.set(prefix, withPart(shared.get(prefix), name, each));
      else own.push({ ...each, prefix, domain: each.domain as AnyDomain });
    }
  }
  const joined = own.map((streams) => {
    const parts = shared.get(streams.prefix);
    shared.delete(streams.prefix);
    return parts === undefined ? streams : joinedTo(streams, parts);
  });
  return [...joined, ...[...shared].map(([prefix, parts]) => ({ prefix, ...togetherOf(parts) }))];
}

function withPart(before: PartsByModule | undefined, module: string, part: SharedStreams): PartsByModule {
  if (before?.[module] !== undefined) throw new Error(`the module ${module} joins the same streams twice`);
  return { ...before, [module]: part };
}

function joinedTo(own: PrefixedStreams, parts: PartsByModule): PrefixedStreams {
  if (!isBase(own.domain)) throw new Error(`no module may join the streams ${own.prefix}`);
  const streams = { ...own, ...togetherOf(parts, own) };
  own.joined?.(streams.events.names);
  return streams;
}

function togetherOf(parts: PartsByModule, own?: PrefixedStreams): Pick<PrefixedStreams, 'events' | 'domain'> {
  const lists = [...(own === undefined ? [] : [own]), ...Object.values(parts)].map(({ events }) => events);
  const events = lists.reduce((all, more) => all.with(more));
  const domains = Object.fromEntries(Object.entries(parts).map(([module, { part }]) => [module, part]));
  return { events, domain: joinedDomain(events, domains, own?.domain as AnyJoinable | undefined) };
}

const isBase = (domain: AnyDomain | AnyJoinable): domain is AnyJoinable =>
  'commands' in domain && 'records' in domain;

function prefixOf(module: string, { events }: ModuleStreams | SharedStreams): string {
  if ('prefix' in events.streams) return events.streams.prefix;
  throw new Error(`the streams of the module ${module} need a prefix of their names`);
}
