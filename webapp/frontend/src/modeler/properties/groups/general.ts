/** English name and clauses, beside the Chinese name of the General group. */
import { translate } from '../../../shared/translate';
import { attributeField, isA } from '../context';
import type { Context } from '../context';
import { textLine } from '../panel';
import type { Entry } from '../panel';

export function generalEntries(context: Context): Entry[] {
  if (isA(context.element, 'bpmn:TextAnnotation', 'bpmn:Group')) return [];
  return [
    textLine(attributeField(context, 'zujian:nameEn', translate('英文名称'))),
    textLine(
      attributeField(context, 'zujian:clauses', translate('对应条款'), {
        help: translate('标准条款号，以空格分隔，例如 9.1a 6.1'),
        validate: (value) =>
          /^([A-Za-z0-9.\-]+( [A-Za-z0-9.\-]+)*)?$/.test(value)
            ? null
            : translate('条款号之间用一个空格分隔'),
      }),
    ),
  ];
}
