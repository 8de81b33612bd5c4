/** Ticking rows, and keeping the list where it was when a task of it opens. */
import { register } from '../shared/controllers';

const POSITION = 'zujian.list-position';

register('task-list', (element) => {
  const boxes = [...element.querySelectorAll<HTMLInputElement>('.task-row input[name="task"]')];
  const all = element.querySelector<HTMLInputElement>('[data-all]');
  const count = element.querySelector<HTMLElement>('[data-count]');
  const update = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    if (count) count.textContent = String(ticked);
    if (all) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };
  all?.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked;
    update();
  });
  for (const box of boxes) box.addEventListener('change', update);
  update();
  keepPosition(element.querySelector<HTMLElement>('.task-rows'));
});

function keepPosition(rows: HTMLElement | null): void {
  if (!rows) return;
  const kept = Number(sessionStorage.getItem(POSITION) ?? 0);
  rows.scrollTop = kept;
  rows.querySelector('.task-row[aria-current]')?.scrollIntoView({ block: 'nearest' });
  rows.addEventListener('scroll', () => sessionStorage.setItem(POSITION, String(rows.scrollTop)), {
    passive: true,
  });
}
