/** How a change ended, as the exit code of the scripts here. */
export const outcomes = {
  committed: 0,
  applied: 10,
  undone: 20,
  stillRunning: 21,
  notPending: 22,
  probeFailed: 23,
  unarmed: 24,
  unwritable: 25,
  wayChanged: 26,
  pendingElse: 75,
  outdated: 76,
  unprepared: 77,
} as const;
