/** Which process a call activity calls. */
import { translate } from '../../../shared/translate';
import { attributeField, isA, options } from '../context';
import type { Context } from '../context';
import { choice } from '../panel';
import type { Group } from '../panel';

export function callActivityGroup(context: Context): Group | null {
  if (!isA(context.element, 'bpmn:CallActivity')) return null;
  return {
    id: 'zujian-call',
    label: translate('被调用流程'),
    entries: [
      choice({
        ...attributeField(context, 'calledElement', translate('流程')),
        options: () => options(context.catalogue.processes, translate('（请选择）')),
      }),
    ],
  };
}
