import type { DecideContext, Decision, DomainEvent, DomainRecord, RecordView } from '@fintech-ledger/journal';
import type { AnyDomain } from './any-domain';

type Refused = Extract<Decision<DomainEvent>, { kind: 'refused' }>;

/**
 * A rule of one module for the commands of any stream: a limit, an approval, a suspicion of fraud. It is asked by the
 * stream's writer, in order with all other commands, after idempotency and before the domain decides: a repeated
 * command gets its first answer, whatever a policy says by now. A command that records what has happened outside
 * (`isOutcome`) is not judged.
 */
export interface CommandPolicy {
  readonly name: string;
  /** What the names of the streams begin with whose commands it judges. */
  readonly streamPrefix: string;
  /** Keys of the records that it reads, besides those that the domain reads. */
  reads(command: unknown): readonly string[];
  /** Pure, as `decide` is. Undefined: the command may be decided. */
  judge(
    view: RecordView<DomainRecord>,
    command: unknown,
    context: DecideContext,
  ): Refused['refusal'] | undefined;
}

/** The domain with policies before it; without any, the domain itself. The first refusal counts. */
export function withPolicies(domain: AnyDomain, policies: readonly CommandPolicy[]): AnyDomain {
  if (policies.length === 0) return domain;
  const refusedBy: AnyJudge = (view, command, context) => {
    if (context.isOutcome === true) return undefined;
    for (const policy of policies) {
      const refusal = policy.judge(view, command, context);
      if (refusal !== undefined) return { kind: 'refused', refusal };
    }
    return undefined;
  };
  const { decideInSteps } = domain;
  return {
    ...domain,
    reads: (command, view) => [
      ...domain.reads(command, view),
      ...policies.flatMap((policy) => policy.reads(command)),
    ],
    decide: (view, command, context) =>
      refusedBy(view, command, context) ?? domain.decide(view, command, context),
    // What is decided in steps is not given to `decide`, all else is judged there.
    ...(decideInSteps && {
      decideInSteps(view, command, context) {
        const steps = decideInSteps(view, command, context);
        return steps && refusedBy(view, command, context) === undefined ? steps : undefined;
      },
    }),
  };
}

type AnyJudge = (
  view: RecordView<DomainRecord>,
  command: unknown,
  context: DecideContext,
) => Refused | undefined;
