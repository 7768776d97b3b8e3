import { journalStream, streamOwner } from '@fintech-ledger/envelope';
import type { BeginTrials } from '@fintech-ledger/journal';
import type { ApiKeyDirectory } from '../authentication/api-key-directory';
import { KeyCheckedGateway } from '../authentication/authenticator';
import type { Acknowledged } from './around-the-gateway';

/** Dry runs for requests: by keys that are in force, and over all that this process has acknowledged. */
export function checkedTrials(
  trials: BeginTrials,
  keys: Pick<ApiKeyDirectory, 'ended' | 'ageMs' | 'refresh'>,
  { ledgers, organizations }: Acknowledged,
): BeginTrials {
  return {
    begin(organizationId, asked) {
      const knownRevision = (stream: string) => {
        const owner = streamOwner(stream);
        return (stream === journalStream(owner) ? ledgers : organizations).wanted(owner);
      };
      const trial = trials.begin(organizationId, { ...asked, knownRevision });
      const checked = new KeyCheckedGateway(trial, keys);
      return { submit: (envelope) => checked.submit(envelope), close: () => trial.close() };
    },
  };
}
