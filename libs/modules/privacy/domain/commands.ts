export interface CreateDataSubject {
  readonly type: 'CreateDataSubject';
  readonly subjectId: string;
  /** Sealed. */
  readonly reference: string;
}
/** Its key is destroyed once the event is stored. */
export interface EraseDataSubject {
  readonly type: 'EraseDataSubject';
  readonly subjectId: string;
}
export type DataSubjectCommand = CreateDataSubject | EraseDataSubject;
