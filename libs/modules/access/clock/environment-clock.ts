import type { ClockView, ReadClock } from '@fintech-ledger/access/domain';
import { isLive } from '@fintech-ledger/http/base';
import type { Principal } from '@fintech-ledger/http';
import { ownCommand } from '@fintech-ledger/journal';
import type { CommandGateway } from '@fintech-ledger/journal';

/** What time it is in an environment. */
export interface EnvironmentTime {
  /** RFC 3339. */
  readonly time: string;
  /** Whether it stands there until it is moved. */
  readonly frozen: boolean;
}

/**
 * What time it is for whoever asks: real time, or that of the clock of their sandbox, which its own stream says.
 * @param correlationId of who asks
 */
export async function environmentTime(
  gateway: Pick<CommandGateway, 'submit'>,
  { environment, organizationId }: Pick<Principal, 'environment' | 'organizationId'>,
  correlationId: string,
): Promise<EnvironmentTime> {
  if (isLive({ environment })) return { time: new Date().toISOString(), frozen: false };
  const command: ReadClock = { type: 'ReadClock' };
  const outcome = await gateway.submit({
    ...ownCommand(organizationId, command, correlationId),
    dryRun: true,
  });
  if (outcome.kind === 'refused')
    throw new Error(`the clock of ${organizationId} can't be read: ${outcome.refusal.code}`);
  const { time, frozen } = JSON.parse(outcome.answer) as ClockView;
  return { time, frozen };
}
