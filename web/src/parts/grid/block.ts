// A block of cells as spreadsheets put it on the clipboard: tabs between cells, line breaks between rows, quotation
// marks around a cell that holds either.

export function textFromBlock(block: string[][]): string {
  return block.map((row) => row.map(quoted).join('\t')).join('\n');
}

/** The last line break ends the block and begins no further row. */
export function blockFromText(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (inside) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') ((cell += '"'), at++);
      else inside = false;
    } else if (letter === '"' && cell === '') {
      inside = true;
    } else if (letter === '\t') {
      row.push(cell);
      cell = '';
    } else if (letter === '\n' || letter === '\r') {
      if (letter === '\r' && text[at + 1] === '\n') at++;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else {
      cell += letter;
    }
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}

function quoted(cell: string): string {
  return /["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
