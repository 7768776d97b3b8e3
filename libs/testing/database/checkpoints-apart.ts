/**
 * SQL: gives each projection a row of its own for its place in each stream, so that one can be changed without those
 * that share a row with it.
 */
export const checkpointsApart = `
  update read.checkpoint_rows c
     set leader = null, members = null, revision = k.revision, previous = k.previous, hash = k.hash
    from read.checkpoints k where k.stream = c.stream and k.projection = c.projection`;
