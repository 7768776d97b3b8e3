import { runFillProcess } from '@fintech-ledger/runtime';
import { modules } from './modules';

// Fills parts of a read model that is rebuilt: a child of whoever rebuilds it.
runFillProcess(modules);
