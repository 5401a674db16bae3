// Loaded into a plugin: at each SIGUSR2 somebody sets the clock of its machine, an hour on and then two back. The nodes of
// a lab have this machine's clock, which no test may set: that no script asks for it is shown by test/unit/node/clock.test.ts.
const now = Date.now;
let shift = 0;
Date.now = () => now() + shift;
process.on("SIGUSR2", () => {
  shift = shift > 0 ? -3_600_000 : 3_600_000;
});
