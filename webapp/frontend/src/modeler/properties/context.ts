/** What every group of the properties panel gets: the element, how to change it, what may be chosen. */
import type { Catalogue, ModelElement } from '../types';
import type { Editing } from './editing';
import type { Option, TextField } from './panel';

export interface Context {
  element: ModelElement;
  editing: Editing;
  catalogue: Catalogue;
  /** Names of the form files of this definition, without the folder. */
  forms(): string[];
  /** Elements that somebody completes: user tasks and the start event (the initiator). */
  actedElements(): Option[];
}

export function isA(element: ModelElement, ...types: string[]): boolean {
  return types.some((type) => element.businessObject.$instanceOf(type));
}

/** A text field bound to an attribute of the element. */
export function attributeField(
  { element, editing }: Context,
  attribute: string,
  label: string,
  extra: Partial<TextField> = {},
): TextField {
  return {
    id: attribute.replace(':', '-'),
    label,
    get: () => editing.attribute(element, attribute),
    set: (value) => editing.setAttribute(element, attribute, value),
    ...extra,
  };
}

export function options(items: { key: string; title: string }[], none: string): Option[] {
  return [
    { value: '', label: none },
    ...items.map(({ key, title }) => ({ value: key, label: title === key ? key : `${title}（${key}）` })),
  ];
}
