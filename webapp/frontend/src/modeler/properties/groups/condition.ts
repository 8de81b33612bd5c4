/** When a sequence flow is taken. */
import { translate } from '../../../shared/translate';
import type { ModelElement, ModelModdle } from '../../types';
import { isA } from '../context';
import type { Context } from '../context';
import { flag, textArea } from '../panel';
import type { Group } from '../panel';

const DECIDES = ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway', 'bpmn:Activity'];

export function conditionGroup({ element, editing }: Context): Group | null {
  const source = element.source as ModelElement | undefined;
  if (!isA(element, 'bpmn:SequenceFlow') || !source || !isA(source, ...DECIDES)) return null;
  const flow = element.businessObject;
  const isDefault = () => source.businessObject.get('default') === flow;
  const condition = textArea({
    id: 'zujian-condition',
    label: translate('条件'),
    help: translate("表达式，例如 reviewOutcome == 'agree'"),
    get: () => String((flow.get('conditionExpression') as ModelModdle | undefined)?.get('body') ?? ''),
    set: (body) => {
      const conditionExpression = body ? editing.create('bpmn:FormalExpression', { body }) : undefined;
      if (conditionExpression) conditionExpression.$parent = flow;
      editing.setProperties(element, { conditionExpression });
    },
  });
  const fallback = flag({
    id: 'zujian-default-flow',
    label: translate('默认流：其他条件都不成立时走这里'),
    get: isDefault,
    set: (value) => editing.setProperties(source, { default: value ? flow : undefined }),
  });
  return {
    id: 'zujian-condition-group',
    label: translate('流转条件'),
    entries: isDefault() ? [fallback] : [condition, fallback],
  };
}
