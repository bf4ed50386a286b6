// What is typed or pasted into a ledger becomes the value that was meant, and nothing is guessed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockFromText, textFromBlock } from '../src/parts/grid/block.ts';
import { textOf, valueOf, type GridColumn } from '../src/parts/grid/cell_text.ts';

const words = { yes: ['是', '√', '有', 'yes', '1'], no: ['否', '×', '无', 'no', '0'] };

function column(type: GridColumn['type']): GridColumn {
  return { id: 'c', label: '列', type, codes: [{ id: 'ill', label: '因病' }], editable: true, required: false, hint: '' };
}

test('a copied block comes back as it was', () => {
  const block = [
    ['王 "大"', '1\t2', ''],
    ['', '两\n行', '3'],
  ];
  assert.deepEqual(blockFromText(textFromBlock(block)), block);
  assert.deepEqual(blockFromText('1\t2\r\n3\t4\r\n'), [['1', '2'], ['3', '4']]);
  assert.deepEqual(blockFromText(''), []);
  assert.deepEqual(blockFromText('a"b'), [['a"b']]);
});

test('typed texts become values of the column', () => {
  const cases: [GridColumn['type'], string, unknown][] = [
    ['bool', ' √ ', true],
    ['bool', '无', false],
    ['bool', '也许', '也许'],
    ['int', '１２', 12],
    ['int', '1,234', 1234],
    ['int', '十二', '十二'],
    ['percent', '98.5%', 98.5],
    ['money', '1200.5元', 120050],
    ['money', '0.29', 29],
    ['date', '2019年4月9日', '2019-04-09'],
    ['date', '2019/4/30', '2019-04-30'],
    ['date', '4月', '4月'],
    ['code', '因病', 'ill'],
    ['code', '因残', '因残'],
    ['text', ' 两间 ', '两间'],
    ['text', '   ', null],
  ];
  for (const [type, typed, meant] of cases) assert.equal(valueOf(column(type), typed, words), meant, `${type} ${typed}`);
});

test('a value is shown as it would be typed', () => {
  for (const [type, value] of [['bool', false], ['money', 120050], ['money', 300000], ['code', 'ill'], ['date', '2019-04-09']] as const) {
    assert.equal(valueOf(column(type), textOf(column(type), value, words), words), value);
  }
  assert.equal(textOf(column('money'), null, words), '');
});
