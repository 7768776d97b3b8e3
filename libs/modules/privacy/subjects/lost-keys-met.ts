import { instruments } from '@fintech-ledger/telemetry';

/** Subjects that are remembered; more are counted once some of these are mended. */
const rememberedMax = 10_000;

/** Subjects whose key was lost when this process last asked for it. A key that is restored is found when it is read. */
const met = new Set<string>();

export function sawKey(subject: string, isLost: boolean): void {
  const isChanged = isLost ? met.size < rememberedMax && !met.has(subject) : met.has(subject);
  if (!isChanged) return;
  if (isLost) met.add(subject);
  else met.delete(subject);
  instruments.subjectKeysLost.record(met.size);
}
