/** Show the whole diagram, at a readable size, in whatever room the page gives it. */
import type { Canvas, DiagramElement } from './types';

const MARGIN = 24;
// The watermark of bpmn.io keeps a free strip at the bottom.
const WATERMARK = 30;
const SMALLEST_READABLE = 0.42;
const LARGEST = 1.15;
const PRINT_WIDTH = 1000;
const PRINT_HEIGHT = 620;

export interface FitOptions {
  /** What to centre where the whole would be too small to read. */
  focus?: DiagramElement;
  /** Pixels at the left that something else covers. */
  left?: number;
}

/** Fit the diagram; where that would be too small to read, centre the element of interest instead.
 *
 * A hidden container is left alone: bpmn-js throws on a zoom of zero pixels.
 */
export function fit(canvas: Canvas, host: HTMLElement, { focus, left = 0 }: FitOptions = {}): void {
  const { clientWidth: width, clientHeight: height } = host;
  if (!width || !height) return;
  canvas.resized();
  const { inner } = canvas.viewbox();
  if (!inner.width || !inner.height) return;
  const whole = Math.min((width - MARGIN - left) / inner.width, (height - MARGIN - WATERMARK) / inner.height);
  const scale = Math.min(whole, LARGEST);
  if (scale >= SMALLEST_READABLE || !focus) {
    const { x, y } = middle(inner);
    return centre(canvas, host, scale, { x: x - left / 2 / scale, y: y + WATERMARK / 2 / scale });
  }
  centre(canvas, host, Math.max(scale, 0.6), middle(focus));
}

function middle(box: { x: number; y: number; width: number; height: number }): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function centre(canvas: Canvas, host: HTMLElement, scale: number, point: { x: number; y: number }): void {
  const width = host.clientWidth / scale;
  const height = host.clientHeight / scale;
  canvas.viewbox({ x: point.x - width / 2, y: point.y - height / 2, width, height });
}

/** Give the diagram the width of a landscape page while printing, and its own size back afterwards. */
export function fitForPrint(canvas: Canvas, host: HTMLElement, restore: () => void): void {
  addEventListener('beforeprint', () => {
    const { inner } = canvas.viewbox();
    if (!host.clientWidth || !inner.width) return;
    const height = Math.min((PRINT_WIDTH * inner.height) / inner.width + 2 * MARGIN, PRINT_HEIGHT);
    host.style.width = `${PRINT_WIDTH}px`;
    host.style.height = `${height}px`;
    fit(canvas, host);
  });
  addEventListener('afterprint', () => {
    host.style.removeProperty('width');
    host.style.removeProperty('height');
    restore();
  });
}
