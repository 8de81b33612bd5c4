/** Building blocks of the properties panel: fields that read and write one value of an element.
 *
 * The components live at module level on purpose: a component made anew at each rendering would be
 * mounted anew, and the field being typed into would lose the focus.
 */
import {
  CheckboxEntry,
  SelectEntry,
  TextAreaEntry,
  TextFieldEntry,
  isCheckboxEntryEdited,
  isSelectEntryEdited,
  isTextAreaEntryEdited,
  isTextFieldEntryEdited,
} from '@bpmn-io/properties-panel';
import { h } from '@bpmn-io/properties-panel/preact';
import { useService } from 'bpmn-js-properties-panel';

import type { ModelElement } from '../types';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- preact components of an untyped library
export type PanelComponent = (props: any) => unknown;

export interface Option {
  value: string;
  label: string;
}

interface FieldBase {
  id: string;
  label: string;
  help?: string;
}

export interface TextField extends FieldBase {
  get(): string;
  set(value: string): void;
  validate?(value: string): string | null;
}

export interface ChoiceField extends FieldBase {
  get(): string;
  set(value: string): void;
  options(): Option[];
}

export interface FlagField extends FieldBase {
  get(): boolean;
  set(value: boolean): void;
}

export interface Entry {
  id: string;
  component: PanelComponent;
  isEdited?: (node: unknown) => boolean;
  field?: unknown;
}

export interface Group {
  id: string;
  label: string;
  entries?: Entry[];
  component?: PanelComponent;
  items?: ListItem[];
  add?: (event: Event) => void;
  shouldOpen?: boolean;
}

export interface ListItem {
  id: string;
  label: string;
  entries: Entry[];
  autoFocusEntry?: string;
  remove?: (event: Event) => void;
}

interface Props<Field> {
  element: ModelElement;
  id: string;
  field: Field;
}

type Debounce = (callback: (...values: unknown[]) => void) => (...values: unknown[]) => void;

function textProps({ element, id, field }: Props<TextField>): object {
  return {
    element,
    id,
    label: field.label,
    description: field.help,
    debounce: useService<Debounce>('debounceInput'),
    getValue: () => field.get(),
    setValue: (value: string | undefined) => field.set((value ?? '').trim()),
    validate: (value: string | undefined) => field.validate?.((value ?? '').trim()) ?? undefined,
  };
}

function TextLine(props: Props<TextField>): unknown {
  return h(TextFieldEntry, textProps(props));
}

function TextArea(props: Props<TextField>): unknown {
  return h(TextAreaEntry, { ...textProps(props), rows: 2, autoResize: true });
}

function Choice({ element, id, field }: Props<ChoiceField>): unknown {
  return h(SelectEntry, {
    element,
    id,
    label: field.label,
    description: field.help,
    getValue: () => field.get(),
    setValue: (value: string) => field.set(value),
    getOptions: () => withUnknown(field.options(), field.get()),
  });
}

function Flag({ element, id, field }: Props<FlagField>): unknown {
  return h(CheckboxEntry, {
    element,
    id,
    label: field.label,
    description: field.help,
    getValue: () => field.get(),
    setValue: (value: boolean) => field.set(value),
  });
}

/** A value that the list does not know stays visible, so that opening a diagram never hides a mistake. */
function withUnknown(options: Option[], value: string): Option[] {
  if (!value || options.some((option) => option.value === value)) return options;
  return [...options, { value, label: `${value} ⚠` }];
}

export function textLine(field: TextField): Entry {
  return { id: field.id, component: TextLine as PanelComponent, isEdited: isTextFieldEntryEdited, field };
}

export function textArea(field: TextField): Entry {
  return { id: field.id, component: TextArea as PanelComponent, isEdited: isTextAreaEntryEdited, field };
}

export function choice(field: ChoiceField): Entry {
  return { id: field.id, component: Choice as PanelComponent, isEdited: isSelectEntryEdited, field };
}

export function flag(field: FlagField): Entry {
  return { id: field.id, component: Flag as PanelComponent, isEdited: isCheckboxEntryEdited, field };
}
