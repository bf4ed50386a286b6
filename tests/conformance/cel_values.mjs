// Evaluates CEL with an evaluator that is not ours. Reads {expr, household} a line, prints the value a line; null is an error.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.cwd()}/.cache/cel/`);
const { run } = require("@bufbuild/cel");

/** Whole numbers come as {integer}, real ones as {real}, both as text; other objects are rows. */
function bound(value) {
  if (Array.isArray(value)) return value.map(bound);
  if (value === null || typeof value !== "object") return value;
  if ("integer" in value) return BigInt(value.integer);
  if ("real" in value) return Number(value.real);
  return new Map(Object.entries(value).map(([name, inner]) => [name, bound(inner)]));
}

function printed(value) {
  if (typeof value === "bigint") return { integer: String(value) };
  if (typeof value === "number") return { real: String(value) };
  if (typeof value === "boolean" || typeof value === "string") return value;
  return null;
}

const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
for (const line of lines) {
  const { expr, household } = JSON.parse(line);
  let value = null;
  try {
    value = printed(run(expr, { household: bound(household) }));
  } catch {
    // What cannot be parsed or evaluated is an error too.
  }
  console.log(JSON.stringify(value));
}
