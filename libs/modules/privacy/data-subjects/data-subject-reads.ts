import { dataSubjectNotFound } from '@fintech-ledger/contract';
import { reachPosition } from '@fintech-ledger/http';
import type { Acknowledged } from '@fintech-ledger/http';
import { dataSubjectView } from '@fintech-ledger/privacy/domain';
import type { DataSubjectShown } from '@fintech-ledger/privacy/domain';
import { found } from '@fintech-ledger/projection-runtime';
import type { At, OrganizationReader, PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';
import type { DataSubjectFilter, DataSubjectQueries } from '../read-model/queries';
import type { PersonalValues } from '../subjects/personal-values';
import type { SubjectKeys } from '../subjects/subject-keys';
import { referenceLabel } from './data-subject-writer';

/** What a list of data subjects is asked for. */
export interface DataSubjectsAsked {
  readonly reference?: string;
  readonly isErased?: boolean;
}

/** Reads the data subjects of an organization, no older than its reader asked for, or than was acknowledged here. */
export class DataSubjectReads {
  constructor(
    private readonly queries: DataSubjectQueries,
    private readonly keys: SubjectKeys,
    private readonly values: PersonalValues,
    private readonly acknowledged: Acknowledged,
  ) {}

  /** @throws Refused `data_subject_not_found` @throws ReadModelHalted @throws ReadModelBehind */
  async subject(reader: OrganizationReader, id: string): Promise<At<DataSubjectShown>> {
    await this.reach(reader);
    const { organizationId } = reader;
    const answer = await this.queries.subject(organizationId, id);
    const { result, ...at } = found(answer, dataSubjectNotFound, `There is no data subject ${id}.`);
    return { ...at, result: await this.values.openIn(organizationId, dataSubjectView(result)) };
  }

  /** @throws InvalidCursor @throws ReadModelHalted @throws ReadModelBehind */
  async subjects(
    reader: OrganizationReader,
    { reference, isErased }: DataSubjectsAsked,
    page: PageRequest,
  ): Promise<At<PageOf<DataSubjectShown>>> {
    await this.reach(reader);
    const { organizationId } = reader;
    const filter: DataSubjectFilter = {
      ...(reference !== undefined && {
        referenceTag: this.keys.tagOf(organizationId, referenceLabel, reference),
      }),
      ...(isErased !== undefined && { isErased }),
    };
    const { result, ...at } = await this.queries.subjects(organizationId, filter, page);
    const views = { ...result, data: result.data.map(dataSubjectView) };
    return { ...at, result: await this.values.openIn(organizationId, views) };
  }

  private async reach(reader: OrganizationReader): Promise<void> {
    const { organizations } = this.acknowledged;
    await reachPosition(this.queries, organizations, reader.organizationId, reader, 'The data subjects have');
  }
}
