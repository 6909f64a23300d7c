/**
 * Fails when a served script says something else than its source: `node same.js SOURCE SERVED …`.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'espree';

const PLACES = new Set(['start', 'end', 'range', 'loc']);

/** @param {string} path */
function meaning(path) {
  const tree = parse(readFileSync(path, 'utf8'), { ecmaVersion: 'latest', sourceType: 'module' });
  return JSON.parse(JSON.stringify(tree, (key, value) => (PLACES.has(key) ? undefined : value)));
}

const paths = process.argv.slice(2);
assert.notEqual(paths.length, 0);
for (let i = 0; i < paths.length; i += 2) {
  assert.deepEqual(meaning(paths[i + 1]), meaning(paths[i]), paths[i]);
}
