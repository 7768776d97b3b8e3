import type { MemoryHolder, WriterMemory } from './writer-memory';

type SharedMemory = Pick<WriterMemory, 'add' | 'hasRoom' | 'queue'>;

/** The memory that all writers of a process share, with what one of them holds of it. */
export class TrialMemory implements SharedMemory {
  private holder: MemoryHolder | undefined;

  /** @param shared absent: no bound */
  constructor(private readonly shared: SharedMemory | undefined) {}

  /** What the writer holds that it can't let go. */
  get unsaved(): number {
    const { decided = 0, unsaved = 0 } = this.holder?.held() ?? {};
    return decided + unsaved;
  }

  add(holder: MemoryHolder): void {
    this.holder = holder;
    this.shared?.add(holder);
  }

  hasRoom(bytes: number): boolean {
    return this.shared?.hasRoom(bytes) ?? true;
  }

  queue(bytes: number): void {
    this.shared?.queue(bytes);
  }
}
