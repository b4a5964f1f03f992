// For `node --import`: the machine's clock is set by so many hours (CLOCK_JUMP), three seconds after the start.
const { now } = Date;
const begun = performance.now();
const jump = Number(process.env.CLOCK_JUMP) * 3_600_000;
Date.now = () => now.call(Date) + (performance.now() - begun > 3000 ? jump : 0);
