import type { CommandOutcome } from '@fintech-ledger/journal';
import { keyLost } from '@fintech-ledger/http/base';
import { countMissing, lostSubject } from './lost-subject';
import { isPersonal, openValues, subjectsIn, subjectsInPlace } from './personal-value';
import type { KnownSubject, SubjectKeys } from './subject-keys';

type Refused = Extract<CommandOutcome, { readonly kind: 'refused' }>;

/** A JSON text with its personal values. */
export interface OpenedText {
  readonly json: string;
  /** Whose they are, or seem to be: a client may write what looks like one. Lost is the key of who is not known. */
  readonly subjects: readonly KnownSubject[];
}

/** Opens the sealed values of what is about to be shown. What has none costs one search of its text. */
export class PersonalValues {
  constructor(private readonly keys: Pick<SubjectKeys, 'select'>) {}

  /**
   * The JSON text with its personal values; null is shown where a subject is erased.
   * @param known whose keys the caller has already, or knows to be gone
   */
  async open(organizationId: string, json: string, ...known: readonly KnownSubject[]): Promise<string> {
    return isPersonal(json) ? (await this.openOnce(organizationId, json, known)).json : json;
  }

  /**
   * The same of an answer, or of what a refusal shows.
   * @param subject whose values were just sealed in it, or erased; no dry run keeps that
   */
  async openOutcome(
    organizationId: string,
    outcome: CommandOutcome,
    subject?: KnownSubject,
  ): Promise<CommandOutcome> {
    if (outcome.kind === 'refused') return this.openRefusal(organizationId, outcome);
    // A replay may be of somebody erased.
    const isAtHand = subject !== undefined && (subject.key === null || outcome.replayed !== true);
    const answer = await this.open(organizationId, outcome.answer, ...(isAtHand ? [subject] : []));
    return { ...outcome, answer };
  }

  private async openRefusal(organizationId: string, outcome: Refused): Promise<Refused> {
    const { objects } = outcome.refusal;
    if (objects === undefined) return outcome;
    const opened = await this.openIn(organizationId, objects);
    return { ...outcome, refusal: { ...outcome.refusal, objects: opened } };
  }

  /** The same, with whose values they are. */
  async openedText(organizationId: string, json: string): Promise<OpenedText> {
    return isPersonal(json) ? this.openOnce(organizationId, json, []) : { json, subjects: [] };
  }

  private async openOnce(
    organizationId: string,
    json: string,
    known: readonly KnownSubject[],
  ): Promise<OpenedText> {
    const subjects = new Map<string, KnownSubject>(known.map((one) => [one.id, one]));
    const others = [...subjectsIn(json)].filter((id) => !subjects.has(id));
    const selected = await this.keys.select(organizationId, others);
    for (const id of others) subjects.set(id, selected.get(id) ?? lostSubject(id));
    countMissing(json, (id) => subjects.get(id)?.key === undefined);
    return { json: openValues(json, (id) => subjects.get(id)?.key), subjects: [...subjects.values()] };
  }

  /**
   * The same, for what must not be taken for whole where it is not: null is who was erased, and nobody else.
   * @throws ApiProblem 503: the key of a value is lost
   */
  async openWhole<T>(organizationId: string, value: T): Promise<T> {
    const sealed = JSON.stringify(value);
    const { json, subjects } = await this.openedText(organizationId, sealed);
    const lost = new Set(subjects.flatMap(({ id, key }) => (key === undefined ? [id] : [])));
    if (lost.size > 0)
      for (const id of subjectsInPlace(sealed)) {
        if (lost.has(id)) throw keyLost(id);
      }
    return json === sealed ? value : (JSON.parse(json) as T);
  }

  /** The same of a value that is no text yet. */
  async openIn<T>(organizationId: string, value: T): Promise<T> {
    const json = JSON.stringify(value);
    const opened = await this.open(organizationId, json);
    return opened === json ? value : (JSON.parse(opened) as T);
  }
}
