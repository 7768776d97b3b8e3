import type { PageRequest } from '../queries';
import type { OrganizationReader } from './reader';

/** Answers `At<Page<UnitView>>`. */
export class ListUnits {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}
