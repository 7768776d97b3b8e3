import { slicesOfProcess } from '@fintech-ledger/http/base';
import type { SealedMetadata, SealedValue, SubjectValue } from '@fintech-ledger/http';
import { countMissing } from './lost-subject';
import { erasedValue, openMetadata, sealValue, subjectsIn } from './personal-value';
import type { SubjectKeys } from './subject-keys';

/** Sealed or opened in a row; about 2 ms. */
const inARow = 100;

/** Values of metadata that belong to data subjects. Many take slices, as whatever computes for long does. */
export class MetadataValues implements SealedMetadata {
  constructor(private readonly keys: Pick<SubjectKeys, 'select'>) {}

  async sealAll(
    organizationId: string,
    values: readonly SubjectValue[],
  ): Promise<readonly (SealedValue | null)[]> {
    const known = await this.keys.select(organizationId, new Set(values.map(({ subject }) => subject)));
    const sealed: (SealedValue | null)[] = [];
    for (const { subject: id, value } of values) {
      const subject = known.get(id);
      if (subject === undefined) sealed.push(null);
      else if (subject.key === undefined) sealed.push({ text: erasedValue(id), gone: 'lost' });
      else if (subject.key === null) sealed.push({ text: erasedValue(id), gone: 'erased' });
      else sealed.push({ text: sealValue(subject, 'metadata', value), gone: null });
      if (sealed.length % inARow === 0) await slicesOfProcess.next(organizationId);
    }
    return sealed;
  }

  async openAll(organizationId: string, json: string): Promise<string> {
    const known = await this.keys.select(organizationId, subjectsIn(json));
    countMissing(json, (id) => !known.has(id));
    let opened = '';
    let count = 0;
    for (const piece of openMetadata(json, (id) => known.get(id)?.key)) {
      opened += piece;
      count += 1;
      if (count % inARow === 0) await slicesOfProcess.next(organizationId);
    }
    return opened;
  }
}
