/** What a service or send task runs: a handler from the registry, with its parameters and its result. */
import { translate } from '../../../shared/translate';
import type { ModelModdle } from '../../types';
import { isA, options } from '../context';
import type { Context } from '../context';
import { choice, textLine } from '../panel';
import type { Group } from '../panel';
import { parameterEntries } from './parameters';
import type { ParameterList } from './parameters';

const OPERATOR = 'spiffworkflow:ServiceTaskOperator';

function parameters(operator: ModelModdle | undefined): ModelModdle[] {
  const list = operator?.get('parameterList') as ModelModdle | undefined;
  return (list?.get('parameters') as ModelModdle[] | undefined) ?? [];
}

function parameterList({ element, editing, catalogue }: Context, operator: ModelModdle): ParameterList {
  return {
    prefix: 'zujian-handler',
    contract: catalogue.handlers.find((handler) => handler.key === operator.get('id')),
    present: () => parameters(operator),
    nameOf: (parameter) => String(parameter.get('id') ?? ''),
    change: (parameter, value) => editing.setNested(element, parameter, { value }),
    add: ({ name, kind }, value) => {
      const type = kind === 'any' || kind === 'object' || kind === 'list' ? 'any' : kind;
      const added = editing.create('spiffworkflow:Parameter', { id: name, type, value });
      const list = operator.get('parameterList') as ModelModdle | undefined;
      if (list) return editing.addTo(element, list, 'parameters', added);
      const created = editing.create('spiffworkflow:Parameters', { parameters: [added] });
      created.$parent = operator;
      editing.setNested(element, operator, { parameterList: created });
    },
    remove: (parameter) => {
      const list = operator.get('parameterList') as ModelModdle;
      editing.removeFrom(element, list, 'parameters', parameter);
    },
  };
}

export function serviceTaskGroup(context: Context): Group | null {
  const { element, editing, catalogue } = context;
  if (!isA(element, 'bpmn:ServiceTask', 'bpmn:SendTask', 'bpmn:BusinessRuleTask')) return null;
  const operator = editing.extension(element, OPERATOR);
  const handler = choice({
    id: 'zujian-handler',
    label: translate('处理程序'),
    get: () => String(operator?.get('id') ?? ''),
    set: (id) => {
      if (operator && !id) editing.removeExtension(element, operator);
      else if (operator) editing.setNested(element, operator, { id, parameterList: undefined });
      else if (id) editing.addExtension(element, OPERATOR, { id });
    },
    options: () => options(catalogue.handlers, translate('（请选择）')),
  });
  if (!operator) return { id: 'zujian-service', label: translate('自动处理'), entries: [handler] };
  const result = textLine({
    id: 'zujian-result-variable',
    label: translate('结果变量'),
    help: resultHelp(context, operator),
    get: () => String(operator.get('resultVariable') ?? ''),
    set: (value) => editing.setNested(element, operator, { resultVariable: value || undefined }),
  });
  return {
    id: 'zujian-service',
    label: translate('自动处理'),
    entries: [handler, ...parameterEntries(parameterList(context, operator)), result],
  };
}

function resultHelp({ catalogue }: Context, operator: ModelModdle): string {
  const contract = catalogue.handlers.find((handler) => handler.key === operator.get('id'));
  const fields = (contract?.result ?? []).map(({ name, title }) =>
    title === name ? name : `${name}（${title}）`,
  );
  if (!fields.length) return translate('整个处理结果存入此流程变量；留空则不存');
  return translate('整个处理结果存入此流程变量，含 {fields}', { fields: fields.join(translate('、')) });
}
