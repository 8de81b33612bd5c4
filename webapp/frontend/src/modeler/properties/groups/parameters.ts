/** The parameters that a handler or listener declares, each as one expression. */
import { translate } from '../../../shared/translate';
import type { ModelModdle, ParameterContract, TopicContract } from '../../types';
import { textLine } from '../panel';
import type { Entry } from '../panel';

export interface ParameterList {
  /** Prefix of the field ids, unique within the panel. */
  prefix: string;
  contract: TopicContract | undefined;
  present(): ModelModdle[];
  nameOf(parameter: ModelModdle): string;
  add(contract: ParameterContract, value: string): void;
  change(parameter: ModelModdle, value: string): void;
  remove(parameter: ModelModdle): void;
}

/** One field per declared parameter, and one per parameter that only the diagram knows. */
export function parameterEntries(list: ParameterList): Entry[] {
  const declared = list.contract?.parameters ?? [];
  const undeclared = list
    .present()
    .map(list.nameOf)
    .filter((name) => !declared.some((parameter) => parameter.name === name))
    .map((name) => ({ name, title: name, kind: 'any', required: false, choices: [] }));
  return [...declared, ...undeclared].map((contract) => parameterEntry(list, contract));
}

function parameterEntry(list: ParameterList, contract: ParameterContract): Entry {
  const find = () => list.present().find((parameter) => list.nameOf(parameter) === contract.name);
  return textLine({
    id: `${list.prefix}-${contract.name}`,
    label: contract.title === contract.name ? contract.name : `${contract.title}（${contract.name}）`,
    help: explain(contract),
    get: () => String(find()?.get('value') ?? ''),
    set: (value) => {
      const present = find();
      if (present && value) list.change(present, value);
      else if (present) list.remove(present);
      else if (value) list.add(contract, value);
    },
    validate: (value) => (contract.required && !value ? translate('必填') : null),
  });
}

function explain(contract: ParameterContract): string {
  if (!contract.choices.length) return translate('表达式；文字加单引号');
  return translate('可取：{choices}', { choices: contract.choices.map((value) => `'${value}'`).join(' ') });
}
