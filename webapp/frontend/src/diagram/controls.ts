/** Zoom buttons and keys, so that the diagram needs no mouse. */
import { translate } from '../shared/translate';
import type { Canvas } from './types';

const STEP = 1.2;
const PAN = 60;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [PAN, 0],
  ArrowRight: [-PAN, 0],
  ArrowUp: [0, PAN],
  ArrowDown: [0, -PAN],
};

function button(symbol: string, label: string, act: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = symbol;
  element.title = translate(label);
  element.setAttribute('aria-label', translate(label));
  element.addEventListener('click', act);
  return element;
}

export function addControls(host: HTMLElement, canvas: Canvas, fitAgain: () => void): void {
  const zoomBy = (factor: number) => canvas.zoom(canvas.zoom() * factor, 'auto');
  const group = document.createElement('div');
  group.className = 'diagram-controls';
  group.append(
    button('＋', '放大', () => zoomBy(STEP)),
    button('－', '缩小', () => zoomBy(1 / STEP)),
    button('⤢', '适应窗口', fitAgain),
  );
  host.append(group);

  host.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) canvas.scroll({ dx: arrow[0], dy: arrow[1] });
    else if (event.key === '+' || event.key === '=') zoomBy(STEP);
    else if (event.key === '-') zoomBy(1 / STEP);
    else if (event.key === '0') fitAgain();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
