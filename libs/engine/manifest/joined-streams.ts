import { joinedDomain } from '@fintech-ledger/journal';
import type { ModuleManifest, ModuleStreams, SharedStreams } from './module-manifest';

export interface PrefixedStreams extends ModuleStreams {
  readonly prefix: string;
}

/** The streams of all modules. Those that several modules share are decided by all of them, each by its part. */
export function joinedStreams(manifests: readonly ModuleManifest[]): readonly PrefixedStreams[] {
  const own: PrefixedStreams[] = [];
  const shared = new Map<string, SharedStreams[]>();
  for (const { name, streams } of manifests) {
    for (const each of streams) {
      const prefix = prefixOf(name, each);
      if ('part' in each) shared.set(prefix, [...(shared.get(prefix) ?? []), each]);
      else own.push({ ...each, prefix });
    }
  }
  const joined = [...shared].map(([prefix, streams]) => {
    const events = streams.map((each) => each.events).reduce((all, more) => all.with(more));
    const parts = streams.map(({ part }) => part);
    return { prefix, events, domain: joinedDomain(events, parts) };
  });
  return [...own, ...joined];
}

function prefixOf(module: string, { events }: ModuleStreams | SharedStreams): string {
  if ('prefix' in events.streams) return events.streams.prefix;
  throw new Error(`the streams of the module ${module} need a prefix of their names`);
}
