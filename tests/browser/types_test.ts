// The browser's types are those of the server that is running: both come from one table.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { program, ROOT } from './office.ts';

test('web/src/api/schema.ts is what the program describes (npm --prefix web run types)', () => {
  const description = spawnSync(program(), ['serve', '--describe'], { encoding: 'utf8', maxBuffer: 32 << 20 });
  assert.equal(description.status, 0, description.stderr);
  const generator = join(ROOT, 'web/node_modules/openapi-typescript/bin/cli.js');
  const generated = spawnSync(process.execPath, [generator], { input: description.stdout, encoding: 'utf8', maxBuffer: 32 << 20 });
  assert.equal(generated.status, 0, generated.stderr);
  assert.equal(generated.stdout.trim(), readFileSync(join(ROOT, 'web/src/api/schema.ts'), 'utf8').trim());
});
