import type { DataSubjectFacts } from './facts';

export interface DataSubjectRecord extends DataSubjectFacts {
  readonly kind: 'data_subject';
}

export const dataSubjectKey = (id: string): string => `data_subject:${id}`;

export interface DataSubjectView {
  get(key: string): DataSubjectRecord | undefined;
}
