import type { KafkaConfig } from '@fintech-ledger/config';
import type { Installation } from './installation';

/** The topic and the group that are configured, or those of this installation, so that several can share a cluster. */
export function kafkaNames(
  { topic, groupId }: Pick<KafkaConfig, 'topic' | 'groupId'>,
  { prefix }: Pick<Installation, 'prefix'>,
): { readonly topic: string; readonly groupId: string } {
  return {
    topic: topic ?? `${prefix}ledger-events`,
    groupId: groupId ?? `${prefix}fintech-ledger-projectors`,
  };
}
