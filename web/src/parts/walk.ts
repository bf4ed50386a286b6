// Arrow keys walk a list from row to row, each row by its first link or button.

/** For @keydown on the list: moves the focus when it stands on a row's first control. */
export function walkRows(event: KeyboardEvent, row = 'tbody tr, li'): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const list = event.currentTarget as HTMLElement;
  const firsts = Array.from(list.querySelectorAll(row), (entry) => entry.querySelector<HTMLElement>('a, button')).filter((entry) => entry !== null);
  const here = firsts.indexOf(event.target as HTMLElement);
  if (here < 0) return;
  event.preventDefault();
  const to = here + (event.key === 'ArrowDown' ? 1 : -1);
  firsts[Math.max(0, Math.min(firsts.length - 1, to))]?.focus();
}
