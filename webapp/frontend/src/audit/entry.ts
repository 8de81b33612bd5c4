/** The audit pages: diagrams with the path taken, printing. They work without script, but for the picture. */
import '../diagram/index';
import './audit.css';

import { register } from '../shared/controllers';

register('print', (button) => button.addEventListener('click', () => window.print()));

// What is folded away on the screen belongs on paper all the same.
const openedForPrint: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('.event-more:not([open])')) {
    details.open = true;
    openedForPrint.push(details);
  }
});
addEventListener('afterprint', () => {
  for (const details of openedForPrint.splice(0)) details.open = false;
});
