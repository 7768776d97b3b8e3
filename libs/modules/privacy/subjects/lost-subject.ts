import type { LostSubject } from './subject-keys';

export const lostSubject = (id: string): LostSubject => ({ id, key: undefined });
