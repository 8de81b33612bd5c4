/** What an end event reports as the result of the process. */
import { translate } from '../../../shared/translate';
import { attributeField, isA } from '../context';
import type { Context } from '../context';
import { textLine } from '../panel';
import type { Group } from '../panel';

export function endEventGroup(context: Context): Group | null {
  if (!isA(context.element, 'bpmn:EndEvent')) return null;
  return {
    id: 'zujian-end',
    label: translate('结果'),
    entries: [
      textLine(
        attributeField(context, 'zujian:result', translate('流程结果'), {
          help: translate('一个词，例如 created；调用方和办件列表以它区分结局'),
          validate: (value) =>
            /^[\w.-]*$/.test(value) ? null : translate('由字母、数字、点、横线和下划线组成'),
        }),
      ),
    ],
  };
}
