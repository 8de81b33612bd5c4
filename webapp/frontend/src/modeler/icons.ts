/** The alignment icons of bpmn-js carry `style` attributes, which our content security policy forbids;
 * the same declarations as SVG attributes are allowed. The icons are plain objects, mended in place.
 */
import AlignElementsIcons from 'bpmn-js/lib/features/align-elements/AlignElementsIcons';
import DistributeElementsIcons from 'bpmn-js/lib/features/distribute-elements/DistributeElementsIcons';

function asAttributes(declarations: string): string {
  return declarations
    .split(';')
    .filter(Boolean)
    .map((declaration) => declaration.trim().replace(/\s*:\s*(.*)$/, '="$1"'))
    .join(' ');
}

export function mendIcons(): void {
  for (const icons of [AlignElementsIcons, DistributeElementsIcons] as Record<string, string>[]) {
    for (const [name, markup] of Object.entries(icons)) {
      icons[name] = markup.replace(/style="([^"]*)"/g, (_, declarations: string) =>
        asAttributes(declarations),
      );
    }
  }
}
