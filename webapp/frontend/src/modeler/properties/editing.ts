/** Reads and changes of an element's attributes and extension elements; each change is one step of undo. */
import type { BpmnFactory, Command, CommandStack, ModelElement, ModelModdle } from '../types';

export class Editing {
  constructor(
    private readonly commandStack: CommandStack,
    private readonly bpmnFactory: BpmnFactory,
  ) {}

  attribute(element: ModelElement, name: string): string {
    const value = element.businessObject.get(name);
    return value === undefined || value === null ? '' : String(value);
  }

  /** Set an attribute of the element; an empty value removes it. */
  setAttribute(element: ModelElement, name: string, value: string): void {
    this.setProperties(element, { [name]: value === '' ? undefined : value });
  }

  setProperties(element: ModelElement, properties: object): void {
    this.commandStack.execute('element.updateProperties', { element, properties });
  }

  setNested(element: ModelElement, moddleElement: ModelModdle, properties: object): void {
    this.run([this.update(element, moddleElement, properties)]);
  }

  /** The extension elements of one type (`zujian:Output`). */
  extensions(element: ModelElement, type: string): ModelModdle[] {
    return values(element).filter((value) => value.$type === type);
  }

  extension(element: ModelElement, type: string): ModelModdle | undefined {
    return this.extensions(element, type)[0];
  }

  addExtension(element: ModelElement, type: string, properties: object = {}): ModelModdle {
    const added = this.create(type, properties);
    this.replaceExtensions(element, [...values(element), added]);
    return added;
  }

  removeExtension(element: ModelElement, removed: ModelModdle): void {
    this.replaceExtensions(
      element,
      values(element).filter((value) => value !== removed),
    );
  }

  /** Create an element of the model; lists inside `properties` get it as their parent. */
  create(type: string, properties: object = {}): ModelModdle {
    const made = this.bpmnFactory.create(type, properties);
    for (const value of Object.values(properties).flat()) {
      if (value && typeof value === 'object' && '$type' in value) (value as ModelModdle).$parent = made;
    }
    return made;
  }

  /** Add an element to a list property of another (`parameters`). */
  addTo(element: ModelElement, owner: ModelModdle, list: string, added: ModelModdle): void {
    added.$parent = owner;
    this.setNested(element, owner, { [list]: [...((owner.get(list) as ModelModdle[]) ?? []), added] });
  }

  removeFrom(element: ModelElement, owner: ModelModdle, list: string, removed: ModelModdle): void {
    const kept = ((owner.get(list) as ModelModdle[]) ?? []).filter((value) => value !== removed);
    this.setNested(element, owner, { [list]: kept });
  }

  private replaceExtensions(element: ModelElement, kept: ModelModdle[]): void {
    const owner = element.businessObject;
    const present = owner.get('extensionElements') as ModelModdle | undefined;
    if (!kept.length) return this.run([this.update(element, owner, { extensionElements: undefined })]);
    if (!present) {
      const extensionElements = this.create('bpmn:ExtensionElements', { values: kept });
      extensionElements.$parent = owner;
      return this.run([this.update(element, owner, { extensionElements })]);
    }
    for (const value of kept) value.$parent = present;
    this.run([this.update(element, present, { values: kept })]);
  }

  private update(element: ModelElement, moddleElement: ModelModdle, properties: object): Command {
    return { cmd: 'element.updateModdleProperties', context: { element, moddleElement, properties } };
  }

  private run(commands: Command[]): void {
    this.commandStack.execute('properties-panel.multi-command-executor', commands);
  }
}

function values(element: ModelElement): ModelModdle[] {
  const container = element.businessObject.get('extensionElements') as ModelModdle | undefined;
  return (container?.get('values') as ModelModdle[] | undefined) ?? [];
}
