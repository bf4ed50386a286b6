// Prints CEL's public vectors, one JSON object a line: suite, expr, and what it must yield: `value` as CEL's text with its
// `kind`, or `error`. Those whose expected value no rule can hold are left out.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/.cache/cel/`);
const { tests } = require("@bufbuild/cel-spec/testdata/conformance.js");

const quoted = (text) => JSON.stringify(text).replace(/\u007f/g, "\\u007f");

/** CEL's text of a value, or nothing. */
function literal(value) {
  if ("boolValue" in value) return { kind: "truth", text: String(value.boolValue) };
  if ("int64Value" in value) return { kind: "integer", text: String(value.int64Value) };
  if ("doubleValue" in value) {
    if (typeof value.doubleValue !== "number") return null;
    const text = String(value.doubleValue);
    return { kind: "real", text: /[.e]/.test(text) ? text.replace(/^(-?\d+)e/, "$1.0e") : `${text}.0` };
  }
  if ("stringValue" in value) return value.stringValue.includes("\0") ? null : { kind: "text", text: quoted(value.stringValue) };
  if ("listValue" in value) {
    const items = (value.listValue.values ?? []).map(literal);
    return items.includes(null) ? null : { kind: "list", text: `[${items.map((item) => item.text).join(", ")}]` };
  }
  return null;
}

function print(suite, path) {
  const here = path ? `${path}/${suite.name}` : suite.name;
  for (const { original: test } of suite.tests ?? []) {
    const expected = test.value ?? test.typedResult?.result ?? (test.evalError || test.anyEvalErrors || test.unknown ? null : { boolValue: true });
    const value = expected === null ? { kind: "error", text: "" } : literal(expected);
    const bindings = Object.entries(test.bindings ?? {}).map(([name, bound]) => [name, literal(bound.value ?? {})]);
    if (value === null || bindings.some(([, bound]) => bound === null || bound.kind === "list") || test.checkOnly || test.container) continue;
    const variables = Object.fromEntries(bindings);
    console.log(JSON.stringify({ suite: here, expr: test.expr, kind: value.kind, text: value.text, variables }));
  }
  for (const inner of suite.suites ?? []) print(inner, here);
}
print(tests, "");
