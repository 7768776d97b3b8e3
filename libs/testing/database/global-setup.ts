import { createTestRunFolder } from './test-run-folder';

export default createTestRunFolder;
