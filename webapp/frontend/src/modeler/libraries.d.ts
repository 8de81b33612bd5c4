/** The bpmn.io packages that ship no types. */
declare module '@bpmn-io/properties-panel' {
  type Component = import('./properties/panel').PanelComponent;
  export const TextFieldEntry: Component;
  export const TextAreaEntry: Component;
  export const SelectEntry: Component;
  export const CheckboxEntry: Component;
  export const ListGroup: Component;
  export const isTextFieldEntryEdited: (node: unknown) => boolean;
  export const isTextAreaEntryEdited: (node: unknown) => boolean;
  export const isSelectEntryEdited: (node: unknown) => boolean;
  export const isCheckboxEntryEdited: (node: unknown) => boolean;
}

declare module '@bpmn-io/properties-panel/preact' {
  export function h(component: unknown, props: object | null, ...children: unknown[]): unknown;
}

declare module 'bpmn-js-properties-panel' {
  export const BpmnPropertiesPanelModule: object;
  export const BpmnPropertiesProviderModule: object;
  export function useService<T>(name: string): T;
}

declare module 'bpmn-js-i18n/translations/zn.js' {
  const texts: Record<string, string>;
  export default texts;
}

declare module 'diagram-js-minimap' {
  const module: object;
  export default module;
}
