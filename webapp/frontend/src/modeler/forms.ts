/** The forms tab: one JSON Schema per file, checked as JSON while typing and by the server with the diagram. */
import { translate } from '../shared/translate';
import type { DefinitionFiles } from './files';

const NAME = /^[a-z0-9][a-z0-9_-]*\.json$/;
const EMPTY_FORM = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  title: '',
  'x-en': { title: '' },
  properties: {},
  additionalProperties: false,
};

export class FormsTab {
  private readonly list: HTMLSelectElement;
  private readonly text: HTMLTextAreaElement;
  private readonly state: HTMLElement;

  constructor(
    private readonly host: HTMLElement,
    private readonly files: DefinitionFiles,
    editable: boolean,
  ) {
    this.list = this.find<HTMLSelectElement>('select');
    this.text = this.find<HTMLTextAreaElement>('textarea');
    this.state = this.find<HTMLElement>('[data-role="form-state"]');
    this.text.readOnly = !editable;
    this.list.addEventListener('change', () => this.open(this.list.value));
    this.text.addEventListener('input', () => this.typed());
    if (editable) this.bindTools();
    this.fill();
  }

  private find<Kind extends HTMLElement>(selector: string): Kind {
    return this.host.querySelector<Kind>(selector)!;
  }

  private bindTools(): void {
    this.find('[data-action="add-form"]').addEventListener('click', () => this.add());
    this.find('[data-action="remove-form"]').addEventListener('click', () => this.remove());
    this.find<HTMLInputElement>('input[type="file"]').addEventListener('change', (event) =>
      this.upload(event.target as HTMLInputElement),
    );
  }

  private fill(selected?: string): void {
    const names = this.files.formNames();
    this.list.replaceChildren(...names.map((name) => new Option(name, name)));
    this.open(selected ?? names[0] ?? '');
  }

  private open(name: string): void {
    this.list.value = name;
    this.text.value = name ? this.files.form(name) : '';
    this.text.disabled = !name;
    this.judge();
  }

  private typed(): void {
    this.files.setForm(this.list.value, this.text.value);
    this.judge();
  }

  private judge(): void {
    if (!this.list.value) return void (this.state.textContent = '');
    try {
      JSON.parse(this.text.value);
      this.state.textContent = translate('JSON 格式正确');
      this.text.removeAttribute('aria-invalid');
    } catch (error) {
      this.state.textContent = translate('这不是有效的 JSON：{reason}', { reason: (error as Error).message });
      this.text.setAttribute('aria-invalid', 'true');
    }
  }

  private add(): void {
    const name = window.prompt(translate('表单文件名，例如 review.json'))?.trim();
    if (!name) return;
    if (!NAME.test(name))
      return void (this.state.textContent = translate(
        '文件名须以 .json 结尾，只含小写字母、数字、横线和下划线',
      ));
    if (this.files.formNames().includes(name))
      return void (this.state.textContent = translate('已有同名表单'));
    this.files.setForm(name, JSON.stringify(EMPTY_FORM, null, 2));
    this.fill(name);
  }

  private remove(): void {
    const name = this.list.value;
    if (!name || !window.confirm(translate('删除表单“{name}”？', { name }))) return;
    this.files.removeForm(name);
    this.fill();
  }

  private async upload(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file || !NAME.test(file.name))
      return void (this.state.textContent = translate(
        '文件名须以 .json 结尾，只含小写字母、数字、横线和下划线',
      ));
    this.files.setForm(file.name, await file.text());
    input.value = '';
    this.fill(file.name);
  }
}
