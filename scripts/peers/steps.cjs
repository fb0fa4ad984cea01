// What the drivers of the npm peers share: one line of JSON for each operation.
"use strict";

async function step(operation, work) {
  let value;
  const report = { operation, ok: true };
  try {
    value = await work();
  } catch (error) {
    report.ok = false;
    report.error = `${error.name}: ${error.message}`.slice(0, 300);
  }
  console.log(`\n#report ${JSON.stringify(report)}`);
  return value;
}

function expect(condition, what) {
  if (!condition) throw new Error(what);
}

module.exports = { step, expect };
