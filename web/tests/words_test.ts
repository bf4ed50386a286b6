// Both languages say the same things, everything said is used, and no Chinese hides outside the words.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import en from '../src/words/en.ts';
import zh from '../src/words/zh.ts';

const SOURCES = join(import.meta.dirname, '..', 'src');
const WORDS = join(SOURCES, 'words');
const GENERATED = 'schema.ts'; // carries the server's own summaries

function keysOf(words: object, before = ''): string[] {
  return Object.entries(words).flatMap(([name, value]) => (typeof value === 'string' ? [before + name] : keysOf(value as object, `${before}${name}.`)));
}

function valueOf(words: object, key: string): string {
  return key.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], words) as string;
}

function sourceFiles(): string[] {
  return readdirSync(SOURCES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(vue|ts)$/.test(entry.name) && !entry.parentPath.startsWith(WORDS) && entry.name !== GENERATED)
    .map((entry) => join(entry.parentPath, entry.name));
}

const sources = sourceFiles().map((file) => ({ name: relative(SOURCES, file), text: readFileSync(file, 'utf8') }));
const zh_keys = keysOf(zh);

test('both languages have the same keys', () => {
  assert.deepEqual(keysOf(en).sort(), [...zh_keys].sort());
});

test('no word is empty, and both languages name the same values', () => {
  for (const key of zh_keys) {
    const [chinese, english] = [valueOf(zh, key), valueOf(en, key)];
    assert.ok(chinese.trim() && english.trim(), `${key} is empty`);
    const names = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
    const english_names = [...new Set(english.split('|').flatMap(names))].sort();
    assert.deepEqual(english_names, names(chinese), `${key} names other values in English`);
  }
});

test('every key is used, and every used key exists', () => {
  const used = new Set<string>();
  const begun: string[] = []; // t(`state.${state}`) uses all of state
  for (const { text } of sources) {
    for (const found of text.matchAll(/\b(?:t|te)\(\s*'([^']+)'/g)) used.add(found[1]!);
    for (const found of text.matchAll(/\b(?:t|te)\(\s*`([\w.]+\.)\$\{/g)) begun.push(found[1]!);
    for (const found of text.matchAll(/\? '([a-z_]+\.[a-z_.]+)'|title: '([a-z_]+\.[a-z_]+)'/g)) used.add((found[1] ?? found[2])!);
  }
  const unknown = [...used].filter((key) => /^[a-z_]+(\.\S+)*$/.test(key) && !zh_keys.includes(key));
  assert.deepEqual(unknown, [], 'keys used but not written');
  const unused = zh_keys.filter((key) => !used.has(key) && !begun.some((start) => key.startsWith(start)));
  assert.deepEqual(unused, [], 'keys written but not used');
});

test('no Chinese stands outside the words', () => {
  for (const { name, text } of sources) {
    const line = text.split('\n').findIndex((entry) => /[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]/.test(entry));
    assert.equal(line, -1, `${name}:${line + 1} holds Chinese text`);
  }
});

test('files stay under 600 lines', () => {
  for (const { name, text } of sources) assert.ok(text.split('\n').length < 600, `${name} is too long`);
});

test('every act that the program journals has a name for people, and its subject a word', () => {
  const program = join(SOURCES, '..', '..', 'src');
  const cpp = readdirSync(program, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.cpp'))
    .map((entry) => ({ name: relative(program, join(entry.parentPath, entry.name)), text: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));
  const named = cpp.find((file) => file.name === join('http', 'journal_actions.cpp'))?.text ?? '';
  const acts = new Set<string>();
  const kinds = new Set<string>();
  for (const { name, text } of cpp) {
    for (const found of text.matchAll(/journal\(\{(?:[^"{}]*\? )?"([a-z_]+\.[a-z_]+)"(?: : "([a-z_]+\.[a-z_]+)")?, "([a-z_]+)"/g)) {
      acts.add(found[1]!);
      if (found[2]) acts.add(found[2]);
      kinds.add(found[3]!);
    }
    if (!name.startsWith('registry')) continue;
    for (const found of text.matchAll(/\.kind = (?:[^"\n]*\? )?"([a-z_]+)"(?: : "([a-z_]+)")?/g)) for (const kind of found.slice(1)) if (kind) acts.add(`household.${kind}`);
  }
  assert.ok(acts.size > 60, 'the acts were found');
  assert.deepEqual([...acts].filter((act) => !named.includes(`{"${act}",`)), [], 'acts without a name');
  const told_by_name = ['user', 'unit', 'plan', 'measure', 'session', 'news']; // named by what they are, or nobody's business
  const words = Object.keys(zh.journal.kind);
  assert.deepEqual([...kinds].filter((kind) => !words.includes(kind) && !told_by_name.includes(kind)), [], 'subjects without a word');
});
