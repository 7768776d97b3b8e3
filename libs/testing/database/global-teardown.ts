import { removeTestRunFolder } from './test-run-folder';

export default removeTestRunFolder;
