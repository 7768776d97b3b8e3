import { descriptionLengthMax, nameLengthMax, referenceLengthMax } from '../limits';
import { lengthRule } from './rule';

export const nameRule = lengthRule('name', 1, nameLengthMax);
export const descriptionRule = lengthRule('description', 0, descriptionLengthMax);
export const referenceRule = lengthRule('reference', 1, referenceLengthMax);
