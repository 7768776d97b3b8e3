import type { PageRequest } from '../queries';
import type { OrganizationReader } from './reader';

/** Answers `At<Page<ApiKeyView>>`. */
export class ListApiKeys {
  constructor(
    readonly reader: OrganizationReader,
    readonly page: PageRequest,
  ) {}
}
