import type { CommandOutcome } from '@fintech-ledger/journal';
import type { SubjectKey } from './personal-value';
import { isPersonal, openValues, subjectsIn } from './personal-value';
import type { KnownSubject, SubjectKeys } from './subject-keys';

/** A JSON text with its personal values. */
export interface OpenedText {
  readonly json: string;
  /** Whose they are, or seem to be: a client may write what looks like one. Erased is who is not known, too. */
  readonly subjects: readonly KnownSubject[];
}

/** Opens the sealed values of what is about to be shown. What has none costs one search of its text. */
export class PersonalValues {
  constructor(private readonly keys: Pick<SubjectKeys, 'select'>) {}

  /**
   * The JSON text with its personal values; null is shown where a subject is erased.
   * @param known keys that the caller has already
   */
  async open(organizationId: string, json: string, ...known: readonly SubjectKey[]): Promise<string> {
    return isPersonal(json) ? (await this.openOnce(organizationId, json, known)).json : json;
  }

  /** The same of an answer. @param subject whose values were just sealed in it; no dry run keeps their key */
  async openOutcome(
    organizationId: string,
    outcome: CommandOutcome,
    subject?: KnownSubject,
  ): Promise<CommandOutcome> {
    if (outcome.kind === 'refused') return outcome;
    // A replay may be of somebody erased.
    const isAtHand = subject !== undefined && subject.key !== null && outcome.replayed !== true;
    const answer = await this.open(organizationId, outcome.answer, ...(isAtHand ? [subject] : []));
    return { ...outcome, answer };
  }

  /** The same, with whose values they are. */
  async openedText(organizationId: string, json: string): Promise<OpenedText> {
    return isPersonal(json) ? this.openOnce(organizationId, json, []) : { json, subjects: [] };
  }

  private async openOnce(
    organizationId: string,
    json: string,
    known: readonly SubjectKey[],
  ): Promise<OpenedText> {
    const subjects = new Map<string, KnownSubject>(known.map((one) => [one.id, one]));
    const others = [...subjectsIn(json)].filter((id) => !subjects.has(id));
    const selected = await this.keys.select(organizationId, others);
    for (const id of others) subjects.set(id, selected.get(id) ?? { id, key: null });
    const keyOf = (id: string): Buffer | undefined => subjects.get(id)?.key ?? undefined;
    return { json: openValues(json, keyOf), subjects: [...subjects.values()] };
  }

  /** The same of a value that is no text yet. */
  async openIn<T>(organizationId: string, value: T): Promise<T> {
    const json = JSON.stringify(value);
    const opened = await this.open(organizationId, json);
    return opened === json ? value : (JSON.parse(opened) as T);
  }
}
