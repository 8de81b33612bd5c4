/** How a message finds its instance, and what it carries. */
import { ListGroup } from '@bpmn-io/properties-panel';

import { translate } from '../../../shared/translate';
import type { ModelElement, ModelModdle } from '../../types';
import { attributeField, isA } from '../context';
import type { Context } from '../context';
import { textLine } from '../panel';
import type { Group, ListItem } from '../panel';

const PAYLOAD = 'zujian:Payload';

function carriesMessage(element: ModelElement): boolean {
  if (isA(element, 'bpmn:ReceiveTask', 'bpmn:SendTask')) return true;
  const definitions = (element.businessObject.get('eventDefinitions') as ModelModdle[] | undefined) ?? [];
  return definitions.some((definition) => definition.$type === 'bpmn:MessageEventDefinition');
}

export function correlationGroup(context: Context): Group | null {
  if (!isA(context.element, 'bpmn:Event', 'bpmn:Task') || !carriesMessage(context.element)) return null;
  return {
    id: 'zujian-correlation',
    label: translate('消息关联'),
    entries: [
      textLine(
        attributeField(context, 'zujian:correlationKey', translate('关联标识'), {
          help: translate('表达式，例如 versionId；发送与接收两端的值相同才会送达'),
        }),
      ),
    ],
  };
}

function item({ element, editing }: Context, payload: ModelModdle, index: number): ListItem {
  const parameter = (payload.get('parameters') as ModelModdle[])[index] as ModelModdle;
  const id = `zujian-payload-${index}`;
  const line = (property: string, label: string) =>
    textLine({
      id: `${id}-${property}`,
      label,
      get: () => String(parameter.get(property) ?? ''),
      set: (value) => editing.setNested(element, parameter, { [property]: value }),
    });
  return {
    id,
    label: `${String(parameter.get('name') ?? '')} = ${String(parameter.get('value') ?? '')}`,
    autoFocusEntry: `${id}-name`,
    entries: [line('name', translate('变量')), line('value', translate('表达式'))],
    remove: (event) => {
      event.stopPropagation();
      editing.removeFrom(element, payload, 'parameters', parameter);
    },
  };
}

export function payloadGroup(context: Context): Group | null {
  const { element, editing } = context;
  if (!isA(element, 'bpmn:ThrowEvent', 'bpmn:SendTask') || !carriesMessage(element)) return null;
  const payload = editing.extension(element, PAYLOAD);
  const parameters = (payload?.get('parameters') as ModelModdle[] | undefined) ?? [];
  return {
    id: 'zujian-payload',
    label: translate('消息内容'),
    component: ListGroup,
    items: payload ? parameters.map((_, index) => item(context, payload, index)) : [],
    add: (event) => {
      event.stopPropagation();
      const added = editing.create('zujian:Parameter', { name: '', value: '' });
      if (payload) editing.addTo(element, payload, 'parameters', added);
      else editing.addExtension(element, PAYLOAD, { parameters: [added] });
    },
  };
}
